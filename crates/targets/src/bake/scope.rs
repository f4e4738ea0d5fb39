//! What names mean: variables with their overrides, attributes outside of blocks, functions of the file, attributes of targets.
//! Each is computed when it is asked for, once; a circle is an error.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};

use super::document::{Block, BlockKind, Document, Expr, Function, Spot, Variable};
use super::types::{self, Kind};
use super::value::{Fault, Value};
use crate::Environment;
use crate::error::{Cause, Error, nearest};
use crate::invocation::Opaque;
use crate::sources::{At, Sources};

/// Expressions within or behind one another at most.
const MAX_DEPTH: usize = 144;
/// Units of the budget for one step of evaluation.
const STEP: usize = 32;

/// Everything that expressions of some files may refer to.
pub(crate) struct Scope<'d, 's> {
    pub(crate) document: &'d Document,
    pub(crate) sources: &'d Sources<'s>,
    pub(crate) environment: &'d Environment,
    /// Where names are declared, the last time.
    index: Index<'d>,
    /// Names the tool itself defines.
    given: BTreeMap<&'static str, Value>,
    known: RefCell<HashMap<String, Value>>,
    busy: RefCell<Vec<String>>,
    depth: Cell<usize>,
}

/// Names of one place only: parameters, variables of `for`, the matrix's.
#[derive(Clone, Copy)]
pub(crate) struct Locals<'l> {
    names: &'l [(String, Value)],
    outer: Option<&'l Locals<'l>>,
}

impl<'l> Locals<'l> {
    pub(crate) const NONE: Self = Self { names: &[], outer: None };

    pub(crate) fn of(names: &'l [(String, Value)]) -> Self {
        Self { names, outer: None }
    }

    pub(crate) fn within(names: &'l [(String, Value)], outer: &'l Locals<'l>) -> Self {
        Self { names, outer: Some(outer) }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        let own = self.names.iter().find(|(one, _)| one == name).map(|(_, value)| value);
        own.or_else(|| self.outer?.get(name))
    }
}

impl<'d, 's> Scope<'d, 's> {
    pub(crate) fn new(document: &'d Document, sources: &'d Sources<'s>, environment: &'d Environment) -> Self {
        let unknown = |what: &str| {
            let place = crate::sources::Place { file: String::new(), line: 1, column: 1 };
            Value::Opaque(Box::new(Opaque { reason: what.to_owned(), place }))
        };
        let given = BTreeMap::from([
            ("BAKE_CMD_CONTEXT", Value::Text("cwd://".to_owned())),
            ("BAKE_LOCAL_PLATFORM", unknown("BAKE_LOCAL_PLATFORM is the builder's own")),
        ]);
        let known = RefCell::default();
        let index = Index::of(document);
        Self { document, sources, environment, index, given, known, busy: RefCell::default(), depth: Cell::new(0) }
    }

    /// One level deeper, and one step of work.
    pub(crate) fn deeper<T>(&self, at: impl Fn() -> At, run: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
        if !self.sources.budget.take(STEP) {
            return Err(self.sources.error(at(), Cause::TooMuch("what it computes")));
        }
        let depth = self.depth.get();
        if depth >= MAX_DEPTH {
            return Err(self.sources.error(at(), Cause::TooMuch("its nesting")));
        }
        self.depth.set(depth + 1);
        let result = run();
        self.depth.set(depth);
        result
    }

    /// A fault as an error, or as a value that is not known.
    pub(crate) fn fault(&self, at: At, fault: Fault) -> Result<Value, Error> {
        match fault {
            Fault::Wrong(message) => self.sources.wrong(at, message),
            Fault::Unknown(reason) => Ok(Value::Opaque(Box::new(Opaque { reason, place: self.sources.place(at) }))),
            Fault::TooMuch => Err(self.sources.error(at, Cause::TooMuch("what it computes"))),
        }
    }

    /// The value, charged for.
    pub(crate) fn checked(&self, at: impl Fn() -> At, result: Result<Value, Fault>) -> Result<Value, Error> {
        match result {
            Ok(value) if self.sources.budget.take(value.weight()) => Ok(value),
            Ok(_) => self.fault(at(), Fault::TooMuch),
            Err(fault) => self.fault(at(), fault),
        }
    }

    /// What a name stands for.
    pub(crate) fn lookup(&self, name: &str, at: impl Fn() -> At, locals: &Locals<'_>) -> Result<Value, Error> {
        if let Some(value) = locals.get(name) {
            return self.checked(at, Ok(value.clone()));
        }
        if let Some(Value::Opaque(opaque)) = self.given.get(name) {
            return self.fault(at(), Fault::Unknown(opaque.reason.clone()));
        }
        if let Some(value) = self.given.get(name) {
            return Ok(value.clone());
        }
        self.once(name, &at, || self.global(name, &at))
    }

    /// Computes something that has a name, once; where it needs itself, the circle is told.
    fn once(
        &self,
        name: &str,
        at: impl Fn() -> At,
        compute: impl FnOnce() -> Result<Value, Error>,
    ) -> Result<Value, Error> {
        if let Some(value) = self.known.borrow().get(name) {
            let value = value.clone();
            return self.checked(at, Ok(value));
        }
        self.check_circle(name, "variables", &at)?;
        self.busy.borrow_mut().push(name.to_owned());
        let result = compute();
        self.busy.borrow_mut().pop();
        let value = result?;
        self.known.borrow_mut().insert(name.to_owned(), value.clone());
        self.checked(at, Ok(value))
    }

    fn check_circle(&self, name: &str, kind: &'static str, at: impl Fn() -> At) -> Result<(), Error> {
        let busy = self.busy.borrow();
        let Some(start) = busy.iter().position(|one| one == name) else { return Ok(()) };
        let names = busy.iter().skip(start).map(String::as_str).chain([name]).map(str::to_owned).collect();
        Err(self.sources.error(at(), Cause::Cycle { kind, names }))
    }

    fn declared(&self, name: &str) -> Option<&'d Variable> {
        self.index.variables.get(name).and_then(|at| self.document.variables.get(*at))
    }

    fn global(&self, name: &str, at: impl Fn() -> At) -> Result<Value, Error> {
        let attribute = self.index.attributes.get(name).and_then(|at| self.document.attributes.get(*at));
        if let Some(attribute) = attribute {
            let value = self.eval(&attribute.value, &Locals::NONE)?;
            // an attribute named as a variable is overridden as one
            return match self.declared(name) {
                Some(variable) => self.overridden(variable, Some(value), &Kind::Any),
                None => Ok(value),
            };
        }
        match self.declared(name) {
            Some(variable) => self.variable(variable),
            None => {
                let names = self.document.variables.iter().map(|variable| variable.name.as_str());
                let names = names.chain(self.document.attributes.iter().map(|attribute| attribute.name.as_str()));
                let near = nearest(name, names);
                Err(self.sources.error(at(), Cause::Unknown { kind: "variable", name: name.to_owned(), near }))
            }
        }
    }

    /// The default, unless the environment says otherwise.
    fn variable(&self, variable: &Variable) -> Result<Value, Error> {
        let kind = match &variable.kind {
            Some(kind) => {
                types::parse(kind).map_err(|message| self.sources.error(kind.at(), Cause::Invalid(message)))?
            }
            None => Kind::Any,
        };
        let default = match &variable.default {
            Some(default) => {
                let value = self.eval(default, &Locals::NONE)?;
                Some(self.checked(|| default.at(), types::convert(value, &kind))?)
            }
            None => None,
        };
        self.overridden(variable, default, &kind)
    }

    fn overridden(&self, variable: &Variable, default: Option<Value>, kind: &Kind) -> Result<Value, Error> {
        let name = &variable.name;
        let json = format!("{name}_JSON");
        let declared = self.declared(&json).is_some();
        let plain = self.environment.get(name);
        let typed = variable.kind.is_some();
        let json = self.environment.get(&json).filter(|_| !declared && (typed || plain.is_none()));
        let result = match (json, plain, default) {
            (Some(json), ..) if typed => types::from_json(json, kind),
            (Some(given), ..) | (None, Some(given), _) if typed => types::from_text(given, kind),
            (Some(given), _, default) | (None, Some(given), default) => types::like(given, default.as_ref()),
            (None, None, Some(default)) => return Ok(default),
            (None, None, None) => return Ok(if typed { Value::Null } else { Value::Text(String::new()) }),
        };
        match result {
            Ok(value) => Ok(value),
            Err(Fault::Wrong(message)) => {
                self.sources.wrong(variable.at, format!("{name} of the environment: {message}"))
            }
            Err(fault) => self.fault(variable.at, fault),
        }
    }

    /// Computes every variable and asks what the file itself demands of it.
    pub(crate) fn validate(&self) -> Result<(), Error> {
        for variable in &self.document.variables {
            self.lookup(&variable.name, || variable.at, &Locals::NONE)?;
            for (condition, message) in &variable.validations {
                let holds = self.eval(condition, &Locals::NONE)?;
                if !matches!(holds.truth(), Ok(false)) {
                    continue;
                }
                let message = message.as_ref().map(|message| self.eval(message, &Locals::NONE)).transpose()?;
                let message =
                    message.and_then(|message| message.print().ok()).unwrap_or_else(|| "is not valid".to_owned());
                return self.sources.wrong(variable.at, format!("the variable {}: {message}", variable.name));
            }
        }
        Ok(())
    }

    pub(crate) fn function(&self, name: &str) -> Option<&'d Function> {
        self.index.functions.get(name).and_then(|at| self.document.functions.get(*at))
    }

    /// Calls a function of the file.
    pub(crate) fn call(&self, function: &Function, spot: Spot<'_>, arguments: Vec<Value>) -> Result<Value, Error> {
        let (wanted, given) = (function.params.len(), arguments.len());
        if given < wanted || (given > wanted && function.variadic.is_none()) {
            let message = format!("`{}` takes {wanted} arguments, not {given}", function.name);
            return self.sources.wrong(spot.at(), message);
        }
        let name = format!("{}()", function.name);
        self.check_circle(&name, "functions", || spot.at())?;
        let mut arguments = arguments.into_iter();
        let mut locals: Vec<(String, Value)> = function.params.iter().cloned().zip(arguments.by_ref()).collect();
        if let Some(variadic) = &function.variadic {
            locals.push((variadic.clone(), Value::List(arguments.collect())));
        }
        self.busy.borrow_mut().push(name);
        let result = self.eval(&function.result, &Locals::of(&locals));
        self.busy.borrow_mut().pop();
        result
    }

    /// `target.NAME.ATTRIBUTE` as the block itself says it, without what it inherits; null where it does not.
    pub(crate) fn block_attribute(
        &self,
        kind: BlockKind,
        label: &str,
        name: &str,
        spot: Spot<'_>,
    ) -> Result<Value, Error> {
        let places = self.index.blocks.get(&(kind, label)).map(Vec::as_slice).unwrap_or_default();
        let blocks = || places.iter().filter_map(|at| self.document.blocks.get(*at));
        if places.is_empty() {
            let names = self.document.blocks.iter().filter(|block| block.kind == kind);
            let (kind, near) = (kind.word(), nearest(label, names.map(|block| block.label.as_str())));
            return Err(self.sources.error(spot.at(), Cause::Unknown { kind, name: label.to_owned(), near }));
        }
        if blocks().any(|block| block.attribute("matrix").is_some()) {
            let reason = format!("`{label}` stands for several targets");
            return self.fault(spot.at(), Fault::Unknown(reason));
        }
        let found: Option<&Expr> = blocks().rev().find_map(|block: &Block| Some(&block.attribute(name)?.value));
        let Some(value) = found else { return Ok(Value::Null) };
        let key = format!("{}.{label}.{name}", kind.word());
        self.once(&key, || spot.at(), || self.eval(value, &Locals::NONE))
    }
}

/// The last declaration of each name; of blocks all.
struct Index<'d> {
    variables: HashMap<&'d str, usize>,
    attributes: HashMap<&'d str, usize>,
    functions: HashMap<&'d str, usize>,
    blocks: HashMap<(BlockKind, &'d str), Vec<usize>>,
}

impl<'d> Index<'d> {
    fn of(document: &'d Document) -> Self {
        let variables = document.variables.iter().enumerate().map(|(at, it)| (it.name.as_str(), at));
        let attributes = document.attributes.iter().enumerate().map(|(at, it)| (it.name.as_str(), at));
        let functions = document.functions.iter().enumerate().map(|(at, it)| (it.name.as_str(), at));
        let mut blocks: HashMap<_, Vec<usize>> = HashMap::new();
        for (at, block) in document.blocks.iter().enumerate() {
            blocks.entry((block.kind, block.label.as_str())).or_default().push(at);
        }
        Self {
            variables: variables.collect(),
            attributes: attributes.collect(),
            functions: functions.collect(),
            blocks,
        }
    }
}

impl BlockKind {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Target => "target",
            Self::Group => "group",
        }
    }
}
