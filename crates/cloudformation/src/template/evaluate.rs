//! Evaluation: a value of the template with every intrinsic replaced by what it yields.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use base64::Engine as _;
use serde_json::{Map, Value};

use super::bind::Bindings;
use super::budget::{self, Budget};
use super::conditions::{self, Verdicts};
use super::dynamic;
use super::error::{Fault, Outcome, TemplateError, misuse};
use super::functions::{self, text};
use super::model::Template;
use super::plan::Plan;
use super::pseudo::Pseudo;
use super::references::refuse_transform;
use super::resolver::Resolver;
use super::sub::{self, Piece};

impl Template {
    /// The value with its intrinsics and dynamic references resolved. Members that are
    /// `AWS::NoValue` are left out; a whole value that is becomes null.
    ///
    /// # Errors
    /// An intrinsic used wrongly, or one that asks for what `resolver` cannot resolve.
    pub fn evaluate(
        &self,
        value: &Value,
        bindings: &Bindings,
        pseudo: &Pseudo,
        resolver: &dyn Resolver,
    ) -> Result<Value, TemplateError> {
        let evaluator = Evaluator::new(self, bindings, pseudo, resolver);
        let made = evaluator.value(value)?;
        evaluator.finish(made)
    }

    /// As `evaluate`, under the conditions that `plan` has decided.
    ///
    /// # Errors
    /// As `evaluate`.
    pub fn evaluate_in(
        &self,
        plan: &Plan,
        value: &Value,
        bindings: &Bindings,
        pseudo: &Pseudo,
        resolver: &dyn Resolver,
    ) -> Result<Value, TemplateError> {
        let evaluator = Evaluator::new(self, bindings, pseudo, resolver);
        let made = evaluator.value_under(value, &plan.conditions)?;
        evaluator.finish(made)
    }
}

/// Everything an intrinsic may ask.
pub(crate) struct Evaluator<'a> {
    template: &'a Template,
    bindings: &'a Bindings,
    pseudo: &'a Pseudo,
    resolver: &'a dyn Resolver,
    verdicts: OnceCell<Verdicts>,
    budget: Budget,
}

/// Where the verdicts of the conditions come from.
#[derive(Clone, Copy)]
enum Under<'d> {
    /// They are decided when the first one is needed.
    Own,
    /// They are decided, as far as they matter here.
    Given(&'d Verdicts),
}

/// What a value becomes; `None` is `AWS::NoValue`.
type Yield = Outcome<Option<Value>>;

impl<'a> Evaluator<'a> {
    pub(crate) fn new(
        template: &'a Template,
        bindings: &'a Bindings,
        pseudo: &'a Pseudo,
        resolver: &'a dyn Resolver,
    ) -> Self {
        Self { template, bindings, pseudo, resolver, verdicts: OnceCell::new(), budget: Budget::default() }
    }

    /// The value with its dynamic references resolved, if it is one that can be kept.
    fn finish(&self, value: Option<Value>) -> Outcome<Value> {
        let mut value = value.unwrap_or_default();
        budget::keepable(&value)?;
        if dynamic::resolve(&mut value, self.resolver, &self.budget)? {
            budget::keepable(&value)?;
        }
        Ok(value)
    }

    /// The value, its conditions decided when the first `Fn::If` asks.
    pub(crate) fn value(&self, value: &Value) -> Yield {
        self.eval(value, Under::Own)
    }

    /// The value, under conditions already decided.
    pub(crate) fn value_under(&self, value: &Value, verdicts: &Verdicts) -> Yield {
        self.eval(value, Under::Given(verdicts))
    }

    fn eval(&self, value: &Value, under: Under<'_>) -> Yield {
        Ok(Some(match value {
            Value::Array(list) => Value::Array(self.list(list, under)?),
            Value::Object(map) => match functions::call(value) {
                Some((name, argument)) => {
                    self.budget.value(0)?;
                    return self.call(value, name, argument, under);
                }
                None => Value::Object(self.map(map, under)?),
            },
            plain => {
                self.budget.copy_of(plain)?;
                plain.clone()
            }
        }))
    }

    fn list(&self, list: &[Value], under: Under<'_>) -> Outcome<Vec<Value>> {
        self.budget.value(0)?;
        list.iter().filter_map(|item| self.eval(item, under).transpose()).collect()
    }

    fn map(&self, map: &Map<String, Value>, under: Under<'_>) -> Outcome<Map<String, Value>> {
        self.budget.value(0)?;
        let mut made = Map::with_capacity(map.len());
        for (key, member) in map {
            self.budget.bytes(key.len())?;
            if let Some(member) = self.eval(member, under)? {
                made.insert(key.clone(), member);
            }
        }
        Ok(made)
    }

    fn call(&self, value: &Value, name: &str, argument: &Value, under: Under<'_>) -> Yield {
        functions::check_form(name, argument)?;
        let items = argument.as_array().map_or(&[][..], Vec::as_slice);
        match name {
            "Ref" => self.reference(argument.as_str().unwrap_or_default()),
            "Fn::GetAtt" => self.attribute(argument, under).map(Some),
            "Fn::If" => {
                let (condition, yes, no) = functions::if_parts(argument)?;
                self.eval(if self.decide(condition, under)? { yes } else { no }, under)
            }
            "Fn::Sub" => self.substitute(argument, under).map(|text| Some(text.into())),
            "Fn::Join" => self.join(items, under).map(|text| Some(text.into())),
            "Fn::Split" => self.split(items, under).map(Some),
            "Fn::Select" => self.select(items, under),
            "Fn::FindInMap" => self.find_in_map(items, under),
            "Fn::Base64" => {
                let plain =
                    self.text(argument, under, "every Fn::Base64 object must have a String-typed value.")?;
                self.budget.bytes(plain.len().saturating_mul(4) / 3)?;
                Ok(Some(base64::engine::general_purpose::STANDARD.encode(plain).into()))
            }
            "Fn::GetAZs" => self.zones(argument, under).map(Some),
            "Fn::Cidr" => self.cidr(argument, under).map(Some),
            "Fn::ImportValue" => {
                let name = self.text(
                    argument,
                    under,
                    "every Fn::ImportValue object must have a String-typed value.",
                )?;
                let value = self.resolver.import(&name).ok_or(Fault::MissingExport(name))?;
                self.budget.value(value.len())?;
                Ok(Some(value.into()))
            }
            "Fn::GetStackOutput" => self.stack_output(argument, under).map(Some),
            "Fn::Transform" => {
                Err(refuse_transform(argument.get("Name").and_then(Value::as_str).unwrap_or_default()))
            }
            _ => self.logic(value, name, under),
        }
    }

    /// `Fn::Equals` and its kin where a value is wanted: they yield a truth.
    fn logic(&self, value: &Value, name: &str, under: Under<'_>) -> Yield {
        match name {
            "Fn::ValueOf" | "Fn::ValueOfAll" | "Fn::RefAll" => Ok(Some(Value::Array(Vec::new()))),
            _ => conditions::holds(value, self.verdicts(under)?, self).map(|truth| Some(truth.into())),
        }
    }

    fn verdicts<'v>(&'v self, under: Under<'v>) -> Outcome<&'v Verdicts> {
        match under {
            Under::Given(verdicts) => Ok(verdicts),
            Under::Own => match self.verdicts.get() {
                Some(verdicts) => Ok(verdicts),
                None => {
                    let verdicts = conditions::verdicts(self.template, self)?;
                    Ok(self.verdicts.get_or_init(|| verdicts))
                }
            },
        }
    }

    fn decide(&self, condition: &str, under: Under<'_>) -> Outcome<bool> {
        let verdict = self.verdicts(under)?.get(condition).copied();
        verdict.ok_or_else(|| Fault::UndefinedConditionInIf(condition.to_owned()).into())
    }

    fn reference(&self, name: &str) -> Yield {
        if name == "AWS::NoValue" {
            return Ok(None);
        }
        if let Some(value) = self.bindings.get(name) {
            self.budget.copy_of(value)?;
            return Ok(Some(value.clone()));
        }
        if let Some(value) = self.pseudo.get(name) {
            self.budget.copy_of(&value)?;
            return Ok(Some(value));
        }
        let physical = self.resolver.reference(name).ok_or_else(|| self.unresolved_reference(name))?;
        self.budget.value(physical.len())?;
        Ok(Some(physical.into()))
    }

    fn unresolved_reference(&self, name: &str) -> TemplateError {
        match self.template.parameters.contains_key(name) {
            true => Fault::MissingParameters(vec![name.to_owned()]).into(),
            false => Fault::UnresolvedResources(vec![name.to_owned()]).into(),
        }
    }

    fn attribute(&self, argument: &Value, under: Under<'_>) -> Outcome<Value> {
        let (resource, name) = functions::get_att(argument)?;
        let name = self.text(
            name,
            under,
            "every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute",
        )?;
        self.attribute_of(resource, &name)
    }

    fn attribute_of(&self, resource: &str, name: &str) -> Outcome<Value> {
        let value = self.resolver.attribute(resource, name).ok_or_else(|| {
            if !self.template.resources.contains_key(resource) {
                return Fault::UndefinedResource(resource.to_owned()).into();
            }
            TemplateError::from(Fault::UnknownAttribute {
                resource: resource.to_owned(),
                attribute: name.to_owned(),
            })
        })?;
        self.budget.copy_of(&value)?;
        Ok(value)
    }

    fn substitute(&self, argument: &Value, under: Under<'_>) -> Outcome<String> {
        let (template, own) = sub::argument(argument)?;
        self.budget.bytes(template.len())?;
        let mut made = String::with_capacity(template.len());
        // A name that is said a thousand times is worked out once.
        let mut known: BTreeMap<&str, String> = BTreeMap::new();
        for piece in sub::pieces(template)? {
            match piece {
                Piece::Text(plain) => made.push_str(plain),
                Piece::Literal(inner) => made.extend(["${", inner, "}"]),
                Piece::Name(name) => {
                    if let Some(replaced) = known.get(name) {
                        self.budget.bytes(replaced.len())?;
                        made.push_str(replaced);
                        continue;
                    }
                    let value = match (own.and_then(|own| own.get(name)), name.split_once('.')) {
                        (Some(value), _) => self.eval(value, under)?,
                        (None, Some((resource, attribute))) => Some(self.attribute_of(resource, attribute)?),
                        (None, None) => self.reference(name)?,
                    };
                    let replaced = value.as_ref().and_then(text).ok_or_else(|| {
                        misuse(format!("variable {name} in Fn::Sub expression does not resolve to a string"))
                    })?;
                    self.budget.bytes(replaced.len())?;
                    made.push_str(&replaced);
                    known.insert(name, replaced);
                }
            }
        }
        Ok(made)
    }

    fn join(&self, items: &[Value], under: Under<'_>) -> Outcome<String> {
        let wrong = || {
            misuse(
                "every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings to be joined or a function that returns a list of strings (such as Fn::GetAZs) to be joined.",
            )
        };
        let [Value::String(delimiter), list] = items else { return Err(wrong()) };
        let Some(Value::Array(list)) = self.eval(list, under)? else { return Err(wrong()) };
        let texts: Option<Vec<String>> = list.iter().map(text).collect();
        let texts = texts.ok_or_else(wrong)?;
        let length = texts.iter().map(String::len).sum::<usize>();
        self.budget.bytes(delimiter.len().saturating_mul(texts.len()).saturating_add(length))?;
        Ok(texts.join(delimiter))
    }

    fn split(&self, items: &[Value], under: Under<'_>) -> Outcome<Value> {
        let wrong = "every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string to be split or a function that returns a string to be split.";
        let [Value::String(delimiter), whole] = items else { return Err(misuse(wrong)) };
        if delimiter.is_empty() {
            return Err(misuse(wrong));
        }
        let whole = self.text(whole, under, wrong)?;
        whole.split(delimiter.as_str()).try_for_each(|part| self.budget.value(part.len()))?;
        Ok(whole.split(delimiter.as_str()).collect())
    }

    fn select(&self, items: &[Value], under: Under<'_>) -> Yield {
        let wrong = "Fn::Select requires a list argument with two elements: an integer index and a list";
        let [index, list] = items else { return Err(misuse(wrong)) };
        let index = self.text(index, under, wrong)?;
        let at: usize = index.trim().parse().map_err(|_| misuse(wrong))?;
        let Some(Value::Array(list)) = self.eval(list, under)? else { return Err(misuse(wrong)) };
        let missing = || misuse(format!("Fn::Select cannot select nonexistent value at index {at}"));
        list.into_iter().nth(at).map(Some).ok_or_else(missing)
    }

    fn find_in_map(&self, items: &[Value], under: Under<'_>) -> Yield {
        let wrong = "every Fn::FindInMap object requires three parameters, the map name, map key and the attribute for return value";
        let key = |at: usize| match items.get(at) {
            Some(item) => self.text(item, under, wrong),
            None => Err(misuse(wrong)),
        };
        let (map, top, second) = (key(0)?, key(1)?, key(2)?);
        let found =
            self.template.mappings.get(&map).and_then(|map| map.get(&top)).and_then(|top| top.get(&second));
        match (found, items.get(3).and_then(|extra| extra.get("DefaultValue"))) {
            (Some(value), _) => {
                self.budget.copy_of(value)?;
                Ok(Some(value.clone()))
            }
            (None, Some(default)) => self.eval(default, under),
            (None, None) if !self.template.mappings.contains_key(&map) => Err(no_mapping(&map)),
            (None, None) => Err(Fault::Mapping(format!("{map}::{top}::{second}")).into()),
        }
    }

    fn stack_output(&self, argument: &Value, under: Under<'_>) -> Outcome<Value> {
        let member = |name: &str| {
            let wrong = format!("every {name} of an Fn::GetStackOutput object must be a String.");
            argument.get(name).map(|value| self.text(value, under, &wrong)).transpose()
        };
        let stack = member("StackName")?.unwrap_or_default();
        let output = member("OutputName")?.unwrap_or_default();
        let region = member("Region")?.unwrap_or_else(|| self.pseudo.region.clone());
        match self.resolver.output(&stack, &output, &region) {
            Some(value) => {
                self.budget.value(value.len())?;
                Ok(value.into())
            }
            None => Err(Fault::MissingOutput { stack, output }.into()),
        }
    }

    fn zones(&self, argument: &Value, under: Under<'_>) -> Outcome<Value> {
        let region = self.text(argument, under, "every Fn::GetAZs object must have a String-typed value.")?;
        let region = if region.is_empty() { &self.pseudo.region } else { &region };
        Ok(Value::from(self.resolver.zones(region)))
    }

    fn cidr(&self, argument: &Value, under: Under<'_>) -> Outcome<Value> {
        let wrong = "every Fn::Cidr object requires two parameters, (1) an IP block and (2) a count, and an optional third, the number of CIDR bits";
        let Some(Value::Array(items)) = self.eval(argument, under)? else { return Err(misuse(wrong)) };
        let number = |at: usize| items.get(at).and_then(text).map(|text| text.trim().parse::<u64>());
        let (Some(block), Some(Ok(count))) = (items.first().and_then(text), number(1)) else {
            return Err(misuse(wrong));
        };
        let bits = number(2).transpose().map_err(|_| misuse(wrong))?;
        Ok(Value::from(functions::cidr(&block, count, bits)?))
    }

    /// The value as one text, or the error `wrong`.
    fn text(&self, value: &Value, under: Under<'_>, wrong: &str) -> Outcome<String> {
        self.eval(value, under)?.as_ref().and_then(text).ok_or_else(|| misuse(wrong))
    }
}

/// The error of a mapping that is not there.
pub(crate) fn no_mapping(name: &str) -> TemplateError {
    misuse(format!("Mapping named '{name}' is not present in the 'Mappings' section of template."))
}
