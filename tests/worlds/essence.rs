//! What of a case can still matter. Two states of a world are one if their cases agree in this, and only then is a world finite: every
//! command adds to what a case remembers.
//!
//! Left out is what no move reads: versions and what is found by them (which entry published, which began a pause), moments that are
//! over (when it was signed, answered, closed), who had it when, the numbers of a clock's runs, and of clocks that are gone for good
//! everything but that they were. Verdicts are left out too: that they stay is looked at with every step. That nothing else was left
//! out has a test of its own, `states_that_are_held_to_be_one_go_on_alike`.

use std::fmt::{self, Display, Write};

use duly::case::{Case, ClockState};
use duly::words::{CancelWhy, ClockKind};
use serde::ser::{self, Serialize, Serializer};

pub fn essence(case: &Case, to: &mut String) {
    let mut out = Out { to };
    case.serialize(&mut out).unwrap();
    for clock in case.clocks() {
        let merged = |why| why == CancelWhy::Merged && clock.cycle == case.cycle();
        let may_go_on = match clock.state {
            ClockState::Running | ClockState::Paused => true,
            ClockState::Cancelled { why, .. } if merged(why) => true,
            // Opening again counts from what these had.
            _ if matches!(clock.key.kind, ClockKind::Whole | ClockKind::Reply) => {
                let last = case.clock(clock.key.kind);
                last.is_some_and(|it| it.key == clock.key)
            }
            _ => false,
        };
        let kind = clock.key.kind;
        if may_go_on {
            write!(out.to, "{kind}").unwrap();
            clock.serialize(&mut out).unwrap();
        } else if kind.once_a_cycle() && clock.cycle == case.cycle() {
            // It does not start again in this cycle.
            write!(out.to, "{kind} was").unwrap();
        }
    }
}

/// Anything else, in full.
pub fn in_full(value: &impl Serialize, to: &mut String) {
    value.serialize(&mut Out { to }).unwrap();
}

/// What is left out of which structure.
fn is_left_out(of: &str, field: &str) -> bool {
    match of {
        "Case" => matches!(
            field,
            "id" | "board"
                | "place"
                | "channel"
                | "external_id"
                | "citizen"
                | "message"
                | "version"
                | "last"
                | "plan"
                | "clocks"
                | "segments"
                | "entry"
                | "took_down"
                | "told"
        ),
        "Clock" => matches!(field, "key" | "verdicts"),
        "Paused" => matches!(field, "begun_by" | "ended_by"),
        "ExtensionPending" => field == "version",
        "ReplyGiven" | "Closed" => field == "at",
        "Reviewed" => field == "published",
        _ => false,
    }
}

/// Of what only matters whether it is there.
fn is_a_flag(of: &str, field: &str) -> bool {
    matches!(
        (of, field),
        ("Assigned", "signed")
            | ("Following", "answer")
            | ("PromiseKept", "fulfilled")
            | ("Clock", "breached" | "promise_missed")
    )
}

/// Writes values down, one after another, without what is left out.
struct Out<'a> {
    to: &'a mut String,
}

#[derive(Debug)]
struct Never;

impl Display for Never {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("writing to a string")
    }
}
impl std::error::Error for Never {}
impl ser::Error for Never {
    fn custom<T: Display>(_: T) -> Never {
        Never
    }
}

/// A structure that is being written.
struct Part<'o, 'a> {
    out: &'o mut Out<'a>,
    name: &'static str,
}

impl Part<'_, '_> {
    fn field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Never> {
        if is_left_out(self.name, key) {
            return Ok(());
        }
        self.out.to.push_str(key);
        let from = self.out.to.len();
        self.out.to.push(' ');
        value.serialize(&mut *self.out)?;
        if is_a_flag(self.name, key) && &self.out.to[from..] != " -" {
            self.out.to.truncate(from);
            self.out.to.push('!');
        }
        Ok(())
    }
}

macro_rules! plainly {
    ($($what:ident: $of:ty,)+) => {
        $(fn $what(self, value: $of) -> Result<(), Never> {
            write!(self.to, "{value} ").map_err(|_| Never)
        })+
    };
}

impl<'o, 'a> Serializer for &'o mut Out<'a> {
    type Ok = ();
    type Error = Never;
    type SerializeSeq = Part<'o, 'a>;
    type SerializeTuple = Part<'o, 'a>;
    type SerializeTupleStruct = Part<'o, 'a>;
    type SerializeTupleVariant = Part<'o, 'a>;
    type SerializeMap = Part<'o, 'a>;
    type SerializeStruct = Part<'o, 'a>;
    type SerializeStructVariant = Part<'o, 'a>;

    plainly! {
        serialize_bool: bool,
        serialize_i8: i8,
        serialize_i16: i16,
        serialize_i32: i32,
        serialize_i64: i64,
        serialize_u8: u8,
        serialize_u16: u16,
        serialize_u32: u32,
        serialize_u64: u64,
        serialize_f32: f32,
        serialize_f64: f64,
        serialize_char: char,
        serialize_str: &str,
    }
    fn serialize_bytes(self, value: &[u8]) -> Result<(), Never> {
        write!(self.to, "{value:?}").map_err(|_| Never)
    }
    fn serialize_none(self) -> Result<(), Never> {
        self.to.push('-');
        Ok(())
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Never> {
        value.serialize(self)
    }
    fn serialize_unit(self) -> Result<(), Never> {
        Ok(())
    }
    fn serialize_unit_struct(self, name: &'static str) -> Result<(), Never> {
        self.serialize_str(name)
    }
    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
    ) -> Result<(), Never> {
        self.serialize_str(name)
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Never> {
        value.serialize(self)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        value: &T,
    ) -> Result<(), Never> {
        self.to.push_str(name);
        value.serialize(self)
    }
    fn serialize_seq(self, _: Option<usize>) -> Result<Part<'o, 'a>, Never> {
        self.to.push('[');
        Ok(Part {
            out: self,
            name: "",
        })
    }
    fn serialize_tuple(self, _: usize) -> Result<Part<'o, 'a>, Never> {
        self.serialize_seq(None)
    }
    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Part<'o, 'a>, Never> {
        self.serialize_seq(None)
    }
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        _: usize,
    ) -> Result<Part<'o, 'a>, Never> {
        self.to.push_str(name);
        self.serialize_seq(None)
    }
    fn serialize_map(self, _: Option<usize>) -> Result<Part<'o, 'a>, Never> {
        self.serialize_seq(None)
    }
    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Part<'o, 'a>, Never> {
        self.to.push('{');
        Ok(Part { out: self, name })
    }
    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        _: usize,
    ) -> Result<Part<'o, 'a>, Never> {
        self.to.push_str(name);
        self.serialize_struct(name, 0)
    }
    fn is_human_readable(&self) -> bool {
        false
    }
}

macro_rules! listed {
    ($($kind:ident $each:ident,)+) => {
        $(impl ser::$kind for Part<'_, '_> {
            type Ok = ();
            type Error = Never;
            fn $each<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Never> {
                value.serialize(&mut *self.out)
            }
            fn end(self) -> Result<(), Never> {
                self.out.to.push(']');
                Ok(())
            }
        })+
    };
}

listed! {
    SerializeSeq serialize_element,
    SerializeTuple serialize_element,
    SerializeTupleStruct serialize_field,
    SerializeTupleVariant serialize_field,
}

impl ser::SerializeMap for Part<'_, '_> {
    type Ok = ();
    type Error = Never;
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Never> {
        key.serialize(&mut *self.out)
    }
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Never> {
        value.serialize(&mut *self.out)
    }
    fn end(self) -> Result<(), Never> {
        self.out.to.push(']');
        Ok(())
    }
}

macro_rules! structured {
    ($($kind:ident,)+) => {
        $(impl ser::$kind for Part<'_, '_> {
            type Ok = ();
            type Error = Never;
            fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Never> {
                self.field(key, value)
            }
            fn end(self) -> Result<(), Never> {
                self.out.to.push('}');
                Ok(())
            }
        })+
    };
}

structured! { SerializeStruct, SerializeStructVariant, }
