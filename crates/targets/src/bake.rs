//! Bake files: targets with variables, functions, inheritance and matrices, as Docker Buildx reads them. What its library cannot
//! be asked here (the clock, random ids) becomes opaque. <https://docs.docker.com/build/bake/reference/>

mod attributes;
mod document;
mod eval;
mod functions;
mod hcl;
mod json;
mod number;
mod operators;
mod parser;
mod resolve;
mod scope;
mod target;
mod template;
mod types;
mod value;

pub(crate) use resolve::load;
