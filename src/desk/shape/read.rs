//! Reading: the same walk, by the names that this build expects.

use std::borrow::Cow;

use serde::de::value::U32Deserializer;
use serde::de::{self, DeserializeOwned, DeserializeSeed, IntoDeserializer, Visitor};

use super::{FAR, Kind, TEXTS, Trail, Unfit, texts};

/// How deep values may lie in one another: more than any that could be read from JSON.
const DEEP: u32 = 256;

/// Reads a value that fills all bytes, and was written along that trail.
pub(super) fn read<T: DeserializeOwned>(body: &[u8], trail: u32) -> Result<T, Unfit> {
    let mut reader = Reader {
        rest: body,
        zero: false,
        deep: 0,
        far: 0,
        texts: Vec::new(),
        trail: Trail::default(),
    };
    let value = T::deserialize(&mut reader)?;
    match reader.rest.is_empty() && reader.trail.end() == trail {
        true => Ok(value),
        false => Err(unfit("another layout wrote it")),
    }
}

fn unfit(said: &str) -> Unfit {
    Unfit(said.to_owned())
}

pub(super) struct Reader<'de> {
    rest: &'de [u8],
    /// The next value is a single zero that was left out.
    zero: bool,
    deep: u32,
    far: i64,
    texts: Vec<Cow<'de, str>>,
    trail: Trail,
}

impl<'de> Reader<'de> {
    fn byte(&mut self) -> Result<u8, Unfit> {
        if std::mem::take(&mut self.zero) {
            return Ok(0);
        }
        let (first, rest) = self.rest.split_first().ok_or_else(|| unfit("it ends"))?;
        self.rest = rest;
        Ok(*first)
    }
    fn bytes(&mut self, many: u64) -> Result<&'de [u8], Unfit> {
        let at = usize::try_from(many).ok();
        let (bytes, rest) = at
            .and_then(|at| self.rest.split_at_checked(at))
            .ok_or_else(|| unfit("it ends"))?;
        self.rest = rest;
        Ok(bytes)
    }
    fn number(&mut self) -> Result<u64, Unfit> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if (bits << shift) >> shift != bits {
                break;
            }
            number |= bits << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(unfit("a number beyond 64 bits"))
    }
    fn signed(&mut self) -> Result<i64, Unfit> {
        let first = self.byte()?;
        let low = u64::from(first >> 1 & 0x3f);
        let zigzag = match first < 0x80 {
            true => low,
            false => low | self.number()? << 6,
        };
        let told = (zigzag >> 1) as i64 ^ -((zigzag & 1) as i64);
        if first & 1 == 1 {
            return Ok(told);
        }
        let value = told.wrapping_add(self.far);
        if value.unsigned_abs() < FAR {
            return Err(unfit("a near number is told by its distance"));
        }
        self.far = value;
        Ok(value)
    }
    fn text(&mut self) -> Result<Cow<'de, str>, Unfit> {
        let header = self.number()?;
        let (number, how) = (header >> 2, header & 3);
        let known = |reader: &Reader<'de>| {
            let at = usize::try_from(number).ok();
            let text = at.and_then(|at| reader.texts.get(at)).cloned();
            text.ok_or_else(|| unfit("a text of no number"))
        };
        let plain = |bytes| std::str::from_utf8(bytes).map_err(|_| unfit("no text"));
        let text = match how {
            texts::AGAIN => return known(self),
            texts::HEX => return Ok(Cow::Owned(hex(self.bytes(number)?))),
            texts::LONGER => {
                let before = known(self)?;
                let length = self.number()?;
                Cow::Owned(before.into_owned() + plain(self.bytes(length)?)?)
            }
            _ => Cow::Borrowed(plain(self.bytes(number)?)?),
        };
        if text.len() > 2 && self.texts.len() < TEXTS {
            self.texts.push(text.clone());
        }
        Ok(text)
    }
    fn down<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Unfit>) -> Result<T, Unfit> {
        if self.deep >= DEEP {
            return Err(unfit("too deep"));
        }
        self.deep += 1;
        let value = read(self)?;
        self.deep -= 1;
        Ok(value)
    }
    fn visit_fields<V: Visitor<'de>>(
        &mut self,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        self.trail.kind(Kind::Struct);
        self.visit_named(names, visitor)
    }
    fn visit_named<V: Visitor<'de>>(
        &mut self,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        self.down(|from| {
            let mut fields = Fields {
                names: names.iter(),
                bits: 0,
                count: 0,
                from,
            };
            let value = visitor.visit_seq(&mut fields)?;
            match fields.names.next() {
                None => Ok(value),
                Some(_) => Err(unfit("a field is left")),
            }
        })
    }
}

fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| {
        char::from(if half < 10 {
            b'0' + half
        } else {
            b'a' + half - 10
        })
    };
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

struct Fields<'a, 'de> {
    names: std::slice::Iter<'static, &'static str>,
    bits: u8,
    count: usize,
    from: &'a mut Reader<'de>,
}

impl<'de> de::SeqAccess<'de> for Fields<'_, 'de> {
    type Error = Unfit;
    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Unfit> {
        let Some(name) = self.names.next() else {
            return Ok(None);
        };
        self.from.trail.name(name);
        if self.count.is_multiple_of(8) {
            self.bits = self.from.byte()?;
        }
        let there = self.bits >> (self.count % 8) & 1 == 1;
        self.count += 1;
        if there {
            return seed.deserialize(&mut *self.from).map(Some);
        }
        let trail = self.from.trail;
        self.from.zero = true;
        let value = seed.deserialize(&mut *self.from)?;
        self.from.trail = trail;
        match self.from.zero {
            false => Ok(Some(value)),
            true => Err(unfit("a value of no bytes")),
        }
    }
}

/// So many elements, one after another.
struct Many<'a, 'de> {
    left: u64,
    from: &'a mut Reader<'de>,
}

impl<'de> de::SeqAccess<'de> for Many<'_, 'de> {
    type Error = Unfit;
    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Unfit> {
        let Some(left) = self.left.checked_sub(1) else {
            return Ok(None);
        };
        self.left = left;
        seed.deserialize(&mut *self.from).map(Some)
    }
    fn size_hint(&self) -> Option<usize> {
        // Never more than the bytes that are there.
        usize::try_from(self.left)
            .ok()
            .map(|left| left.min(self.from.rest.len()))
    }
}

impl<'de> de::MapAccess<'de> for Many<'_, 'de> {
    type Error = Unfit;
    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Unfit> {
        de::SeqAccess::next_element_seed(self, seed)
    }
    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Unfit> {
        seed.deserialize(&mut *self.from)
    }
}

struct Variant<'a, 'de> {
    names: &'static [&'static str],
    from: &'a mut Reader<'de>,
}

impl<'a, 'de> de::EnumAccess<'de> for Variant<'a, 'de> {
    type Error = Unfit;
    type Variant = Content<'a, 'de>;
    fn variant_seed<S: DeserializeSeed<'de>>(
        self,
        seed: S,
    ) -> Result<(S::Value, Content<'a, 'de>), Unfit> {
        let index = self.from.number()?.checked_sub(1);
        let index = index.and_then(|index| u32::try_from(index).ok());
        let index = index.ok_or_else(|| unfit("no such variant"))?;
        let name = usize::try_from(index).ok();
        let name = name.and_then(|at| self.names.get(at));
        self.from
            .trail
            .name(name.ok_or_else(|| unfit("no such variant"))?);
        let index: U32Deserializer<Unfit> = index.into_deserializer();
        Ok((seed.deserialize(index)?, Content(self.from)))
    }
}

struct Content<'a, 'de>(&'a mut Reader<'de>);

impl<'de> de::VariantAccess<'de> for Content<'_, 'de> {
    type Error = Unfit;
    fn unit_variant(self) -> Result<(), Unfit> {
        self.0.trail.kind(Kind::Unit);
        Ok(())
    }
    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Unfit> {
        self.0.trail.kind(Kind::Newtype);
        seed.deserialize(self.0)
    }
    fn tuple_variant<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, Unfit> {
        de::Deserializer::deserialize_tuple(self.0, length, visitor)
    }
    fn struct_variant<V: Visitor<'de>>(
        self,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        self.0.visit_fields(names, visitor)
    }
}

macro_rules! numbers {
    ($($name:ident as $kind:ident by $how:ident to $visit:ident;)+) => {
        $(fn $name<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
            self.trail.kind(Kind::$kind);
            visitor.$visit(self.$how()?)
        })+
    };
}

macro_rules! never {
    ($($name:ident)+) => {
        $(fn $name<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Unfit> {
            Err(unfit(concat!("no state is read by ", stringify!($name))))
        })+
    };
}

impl<'de> de::Deserializer<'de> for &mut Reader<'de> {
    type Error = Unfit;

    numbers! {
        deserialize_i8 as Signed by signed to visit_i64;
        deserialize_i16 as Signed by signed to visit_i64;
        deserialize_i32 as Signed by signed to visit_i64;
        deserialize_i64 as Signed by signed to visit_i64;
        deserialize_u8 as Unsigned by number to visit_u64;
        deserialize_u16 as Unsigned by number to visit_u64;
        deserialize_u32 as Unsigned by number to visit_u64;
        deserialize_u64 as Unsigned by number to visit_u64;
    }
    never! {
        deserialize_any deserialize_ignored_any deserialize_identifier deserialize_char
        deserialize_i128 deserialize_u128 deserialize_f32 deserialize_f64
    }
    fn is_human_readable(&self) -> bool {
        false
    }
    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        self.trail.kind(Kind::Yes);
        match self.byte()? {
            0 => visitor.visit_bool(false),
            1 => visitor.visit_bool(true),
            _ => Err(unfit("neither yes nor no")),
        }
    }
    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        self.trail.kind(Kind::Text);
        match self.text()? {
            Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
            Cow::Owned(text) => visitor.visit_string(text),
        }
    }
    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        self.deserialize_str(visitor)
    }
    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        self.trail.kind(Kind::Bytes);
        let length = self.number()?;
        visitor.visit_borrowed_bytes(self.bytes(length)?)
    }
    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        self.deserialize_bytes(visitor)
    }
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        self.trail.kind(Kind::Option);
        match self.byte()? {
            0 => visitor.visit_none(),
            1 => self.down(|from| visitor.visit_some(from)),
            _ => Err(unfit("neither some nor none")),
        }
    }
    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        self.trail.kind(Kind::Unit);
        visitor.visit_unit()
    }
    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        self.deserialize_unit(visitor)
    }
    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        self.down(|from| visitor.visit_newtype_struct(from))
    }
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        self.trail.kind(Kind::List);
        let left = self.number()?;
        self.down(|from| many(from, left, |many| visitor.visit_seq(many)))
    }
    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        self.trail.kind(Kind::Tuple);
        self.trail.mix(length as u64);
        self.down(|from| many(from, length as u64, |many| visitor.visit_seq(many)))
    }
    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        self.deserialize_tuple(length, visitor)
    }
    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        self.trail.kind(Kind::Map);
        let left = self.number()?;
        self.down(|from| many(from, left, |many| visitor.visit_map(many)))
    }
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        self.trail.kind(Kind::Struct);
        self.trail.name(name);
        self.visit_named(names, visitor)
    }
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        self.trail.kind(Kind::Enum);
        self.trail.name(name);
        self.down(|from| visitor.visit_enum(Variant { names, from }))
    }
}

/// Reads so many elements, and all of them.
fn many<'de, T>(
    from: &mut Reader<'de>,
    left: u64,
    read: impl FnOnce(&mut Many<'_, 'de>) -> Result<T, Unfit>,
) -> Result<T, Unfit> {
    let mut many = Many { left, from };
    let value = read(&mut many)?;
    match many.left {
        0 => Ok(value),
        _ => Err(unfit("an element is left")),
    }
}
