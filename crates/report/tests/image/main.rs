//! Documents about images, rendered: hand-made documents in, what people see out.

mod html;
mod markdown;
mod samples;
mod text;
