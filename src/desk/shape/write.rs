//! Writing: what serde says of a value, in as few bytes as it takes.

use std::ops::Range;

use serde::Serialize;
use serde::ser::{self, Serializer};

use super::{FAR, Kind, TEXTS, Trail, Unfit, texts};

/// Writes a value behind what is there, and gives its trail.
pub(super) fn write<T: Serialize>(value: &T, out: Vec<u8>) -> Result<(Vec<u8>, u32), Unfit> {
    let mut writer = Writer {
        out,
        far: 0,
        texts: Texts::default(),
        trail: Trail::default(),
    };
    value.serialize(&mut writer)?;
    Ok((writer.out, writer.trail.end()))
}

pub(super) struct Writer {
    out: Vec<u8>,
    /// The last number that was far from zero.
    far: i64,
    texts: Texts,
    trail: Trail,
}

/// Texts by their number: all of them one after another, and where each stands.
#[derive(Default)]
struct Texts {
    all: String,
    each: Vec<Range<usize>>,
}

impl Texts {
    fn iter(&self) -> impl Iterator<Item = &str> {
        self.each.iter().filter_map(|it| self.all.get(it.clone()))
    }
    fn push(&mut self, text: &str) {
        let from = self.all.len();
        self.all.push_str(text);
        self.each.push(from..self.all.len());
    }
}

impl Writer {
    /// Seven bits a byte, the lowest first.
    fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.out.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.out.push(number as u8);
    }
    fn length(&mut self, length: usize) {
        self.number(length as u64);
    }
    /// A length or a number of a text, with how it stands there.
    fn header(&mut self, number: usize, how: u64) {
        self.number((number as u64) << 2 | how);
    }
    /// A first byte says whether it is told by its distance, and holds the lowest six bits.
    fn signed(&mut self, value: i64) {
        let far = value.unsigned_abs() >= FAR;
        let told = match far {
            true => value.wrapping_sub(self.far),
            false => value,
        };
        let zigzag = ((told << 1) ^ (told >> 63)) as u64;
        let near = u8::from(!far);
        let (low, rest) = ((zigzag as u8 & 0x3f) << 1, zigzag >> 6);
        match rest {
            0 => self.out.push(low | near),
            _ => {
                self.out.push(low | near | 0x80);
                self.number(rest);
            }
        }
        if far {
            self.far = value;
        }
    }
    fn text(&mut self, text: &str) {
        let before = self.texts.iter().position(|it| it == text);
        if let Some(at) = before {
            return self.header(at, texts::AGAIN);
        }
        if let Some(bytes) = unhex(text) {
            self.header(text.len() / 2, texts::HEX);
            self.out.extend(bytes);
            return;
        }
        let before = (0..).zip(self.texts.iter());
        let before = before.filter(|(_, it)| text.starts_with(it));
        let longest = before.max_by_key(|(_, it)| it.len());
        let longest = longest.and_then(|(at, it)| Some((at, text.get(it.len()..)?)));
        match longest {
            Some((at, more)) => {
                self.header(at, texts::LONGER);
                self.length(more.len());
                self.out.extend_from_slice(more.as_bytes());
            }
            None => {
                self.header(text.len(), texts::PLAIN);
                self.out.extend_from_slice(text.as_bytes());
            }
        }
        if text.len() > 2 && self.texts.each.len() < TEXTS {
            self.texts.push(text);
        }
    }
    /// Never a zero: a variant that is left out would have no name on the trail.
    fn variant(&mut self, name: &str, index: u32, variant: &str) {
        self.trail.kind(Kind::Enum);
        self.trail.name(name);
        self.trail.name(variant);
        self.number(u64::from(index) + 1);
    }
    fn many(&mut self, kind: Kind, length: Option<usize>) -> Result<&mut Writer, Unfit> {
        self.trail.kind(kind);
        let length = length.ok_or_else(|| ser::Error::custom("a list of unknown length"))?;
        self.length(length);
        Ok(self)
    }
    fn fields(&mut self) -> Fields<'_> {
        Fields {
            bits: 0,
            count: 0,
            to: self,
        }
    }
}

/// The bytes of hexadecimal digits, where the text is nothing else.
fn unhex(text: &str) -> Option<impl Iterator<Item = u8>> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if pairs.is_empty() || !rest.is_empty() {
        return None;
    }
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let byte = move |[high, low]: &[u8; 2]| Some(digit(*high)? << 4 | digit(*low)?);
    let all = pairs.iter().all(|pair| byte(pair).is_some());
    all.then(|| pairs.iter().filter_map(byte))
}

/// The fields of a struct, eight bits before each eight of them: which are there, and which are a single zero.
pub(super) struct Fields<'a> {
    bits: usize,
    count: usize,
    to: &'a mut Writer,
}

impl Fields<'_> {
    fn next(&mut self, name: &str) -> u8 {
        self.to.trail.name(name);
        let place = self.count % 8;
        if place == 0 {
            self.bits = self.to.out.len();
            self.to.out.push(0);
        }
        self.count += 1;
        1 << place
    }
    fn field<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), Unfit> {
        let bit = self.next(name);
        let (start, trail) = (self.to.out.len(), self.to.trail);
        value.serialize(&mut *self.to)?;
        if self.to.out.get(start..) == Some(&[0]) {
            self.to.out.truncate(start);
            // As if the type itself had left it out.
            self.to.trail = trail;
        } else if let Some(bits) = self.to.out.get_mut(self.bits) {
            *bits |= bit;
        }
        Ok(())
    }
}

macro_rules! numbers {
    ($($name:ident($type:ty) as $kind:ident by $how:ident;)+) => {
        $(fn $name(self, value: $type) -> Result<(), Unfit> {
            self.trail.kind(Kind::$kind);
            self.$how(value.into());
            Ok(())
        })+
    };
}

macro_rules! never {
    ($($name:ident($type:ty);)+) => {
        $(fn $name(self, _: $type) -> Result<(), Unfit> {
            Err(ser::Error::custom(concat!("no state holds a ", stringify!($type))))
        })+
    };
}

impl<'a> Serializer for &'a mut Writer {
    type Ok = ();
    type Error = Unfit;
    type SerializeSeq = &'a mut Writer;
    type SerializeTuple = &'a mut Writer;
    type SerializeTupleStruct = &'a mut Writer;
    type SerializeTupleVariant = &'a mut Writer;
    type SerializeMap = &'a mut Writer;
    type SerializeStruct = Fields<'a>;
    type SerializeStructVariant = Fields<'a>;

    numbers! {
        serialize_i8(i8) as Signed by signed;
        serialize_i16(i16) as Signed by signed;
        serialize_i32(i32) as Signed by signed;
        serialize_i64(i64) as Signed by signed;
        serialize_u8(u8) as Unsigned by number;
        serialize_u16(u16) as Unsigned by number;
        serialize_u32(u32) as Unsigned by number;
        serialize_u64(u64) as Unsigned by number;
        serialize_bool(bool) as Yes by number;
    }
    never! {
        serialize_i128(i128);
        serialize_u128(u128);
        serialize_f32(f32);
        serialize_f64(f64);
        serialize_char(char);
    }
    fn is_human_readable(&self) -> bool {
        false
    }
    fn serialize_str(self, text: &str) -> Result<(), Unfit> {
        self.trail.kind(Kind::Text);
        self.text(text);
        Ok(())
    }
    fn serialize_bytes(self, bytes: &[u8]) -> Result<(), Unfit> {
        self.trail.kind(Kind::Bytes);
        self.length(bytes.len());
        self.out.extend_from_slice(bytes);
        Ok(())
    }
    fn serialize_none(self) -> Result<(), Unfit> {
        self.trail.kind(Kind::Option);
        self.out.push(0);
        Ok(())
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Unfit> {
        self.trail.kind(Kind::Option);
        self.out.push(1);
        value.serialize(self)
    }
    fn serialize_unit(self) -> Result<(), Unfit> {
        self.trail.kind(Kind::Unit);
        Ok(())
    }
    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Unfit> {
        self.serialize_unit()
    }
    fn serialize_unit_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
    ) -> Result<(), Unfit> {
        self.variant(name, index, variant);
        self.trail.kind(Kind::Unit);
        Ok(())
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Unfit> {
        value.serialize(self)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Unfit> {
        self.variant(name, index, variant);
        self.trail.kind(Kind::Newtype);
        value.serialize(self)
    }
    fn serialize_seq(self, length: Option<usize>) -> Result<&'a mut Writer, Unfit> {
        self.many(Kind::List, length)
    }
    fn serialize_tuple(self, length: usize) -> Result<&'a mut Writer, Unfit> {
        self.trail.kind(Kind::Tuple);
        self.trail.mix(length as u64);
        Ok(self)
    }
    fn serialize_tuple_struct(
        self,
        _: &'static str,
        length: usize,
    ) -> Result<&'a mut Writer, Unfit> {
        self.serialize_tuple(length)
    }
    fn serialize_tuple_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<&'a mut Writer, Unfit> {
        self.variant(name, index, variant);
        self.serialize_tuple(length)
    }
    fn serialize_map(self, length: Option<usize>) -> Result<&'a mut Writer, Unfit> {
        self.many(Kind::Map, length)
    }
    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Fields<'a>, Unfit> {
        self.trail.kind(Kind::Struct);
        self.trail.name(name);
        Ok(self.fields())
    }
    fn serialize_struct_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Fields<'a>, Unfit> {
        self.variant(name, index, variant);
        self.trail.kind(Kind::Struct);
        Ok(self.fields())
    }
}

macro_rules! elements {
    ($($trait:ident::$each:ident;)+) => {
        $(impl ser::$trait for &mut Writer {
            type Ok = ();
            type Error = Unfit;
            fn $each<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unfit> {
                value.serialize(&mut **self)
            }
            fn end(self) -> Result<(), Unfit> {
                Ok(())
            }
        })+
    };
}

elements! {
    SerializeSeq::serialize_element;
    SerializeTuple::serialize_element;
    SerializeTupleStruct::serialize_field;
    SerializeTupleVariant::serialize_field;
}

impl ser::SerializeMap for &mut Writer {
    type Ok = ();
    type Error = Unfit;
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Unfit> {
        key.serialize(&mut **self)
    }
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unfit> {
        value.serialize(&mut **self)
    }
    fn end(self) -> Result<(), Unfit> {
        Ok(())
    }
}

macro_rules! structs {
    ($($trait:ident)+) => {
        $(impl ser::$trait for Fields<'_> {
            type Ok = ();
            type Error = Unfit;
            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                name: &'static str,
                value: &T,
            ) -> Result<(), Unfit> {
                self.field(name, value)
            }
            /// What is left out by a type's own wish is nothing, and reads back as a single zero.
            fn skip_field(&mut self, name: &'static str) -> Result<(), Unfit> {
                self.next(name);
                Ok(())
            }
            fn end(self) -> Result<(), Unfit> {
                Ok(())
            }
        })+
    };
}

structs! { SerializeStruct SerializeStructVariant }
