//! Codes near a given one, where very many share a part of it.

use super::*;
use crate::admission::{CodeBlock, CodeRow};
use crate::record::{CodeKind, ContentCode};

#[test]
fn of_a_part_that_many_share_only_so_many_are_looked_at() {
    let place = Place::with_parties(1);
    let mut store = place.open();
    let image = |bits: u64| ContentCode::new(CodeKind::Image, bits);
    let mut writer = store.begin_write().unwrap();
    // All have their first two parts in common; the last of them none of its own either.
    for bits in 0..2000_u64 {
        for block in CodeBlock::of(image(bits)) {
            let place = u32::try_from(bits).unwrap();
            let (entry, code) = (number(0), bits.cast_signed());
            writer.add(&CodeRow { entry, block: block.number(), code, place }.into()).unwrap();
        }
    }
    writer.commit().unwrap();
    let reader = store.read().unwrap();
    let places = |near: Vec<crate::store::NearCode>| -> Vec<u32> {
        near.into_iter().map(|near| near.row.place).collect()
    };
    let all = [0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];
    assert_eq!(places(reader.codes_within(image(0), 1).unwrap()), all);
    let (last, looked_at) = all.split_last().unwrap();
    assert_eq!(places(reader.codes_sharing_a_part(&[image(0)], 1).unwrap()), looked_at);
    // What is its own in another part is found by that.
    let own = reader.codes_sharing_a_part(&[image(u64::from(*last))], 0).unwrap();
    assert_eq!(places(own), [*last]);
    // Codes of another kind are others.
    let bytes = ContentCode::new(CodeKind::Data, 0);
    assert_eq!(reader.codes_sharing_a_part(&[bytes], 64).unwrap(), []);
}

#[test]
fn what_one_of_several_nearly_meets_is_held_against_all() {
    let place = Place::with_parties(1);
    let mut store = place.open();
    let image = |bits: u64| ContentCode::new(CodeKind::Image, bits);
    let mut writer = store.begin_write().unwrap();
    for block in CodeBlock::of(image(0)) {
        let row = CodeRow { entry: number(0), block: block.number(), code: 0, place: 0 };
        writer.add(&row.into()).unwrap();
    }
    writer.commit().unwrap();
    let reader = store.read().unwrap();
    let distance = |codes: &[u64]| {
        let codes: Vec<_> = codes.iter().copied().map(image).collect();
        let near = reader.codes_sharing_a_part(&codes, 3).unwrap();
        near.first().map(|near| near.distance)
    };
    // One bit in each part; nine and ten in one, with the others unchanged.
    let (each, nine, ten) = (1 << 50 | 1 << 30 | 1, 0x1ff << 21, 0x3ff << 21);
    assert_eq!([each, nine, ten].map(|code| distance(&[code])), [None; 3]);
    assert_eq!(distance(&[each, nine]), Some(3));
    assert_eq!(distance(&[each, ten]), None);
}
