//! The digest of a file of 1 GiB, beside plain memory-mapped BLAKE3 on all cores.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use deedbook::intake::Content;
use std::hint::black_box;
use std::io::Write;

const SIZE_BYTES: u64 = 1 << 30;

fn hash(criterion: &mut Criterion) {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("film");
    let mut file = std::fs::File::create(&path).expect("a file");
    let block: Vec<u8> =
        (0..1 << 20).map(|i: u32| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    for _ in 0..SIZE_BYTES >> 20 {
        file.write_all(&block).expect("space for 1 GiB");
    }
    drop(file);
    let mut group = criterion.benchmark_group("digest of 1 GiB");
    group.sample_size(10).throughput(Throughput::Bytes(SIZE_BYTES));
    group.bench_function("plain BLAKE3", |bencher| {
        bencher.iter(|| {
            let mut hasher = blake3::Hasher::new();
            hasher.update_mmap_rayon(&path).expect("the file");
            black_box(hasher.finalize());
        });
    });
    group.bench_function("ours", |bencher| {
        bencher.iter(|| black_box(Content::read(&path).expect("the file")));
    });
    group.finish();
}

criterion_group!(benches, hash);
criterion_main!(benches);
