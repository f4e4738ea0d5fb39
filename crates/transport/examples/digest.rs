//! Reads a docker archive from standard input and says what is in it: `docker save IMAGE | digest`.

use std::io;

fn main() -> Result<(), jettison_image::Error> {
    let summary = jettison_transport::read_docker_archive(&mut io::stdin().lock())?;
    println!("config    {}", summary.digest.as_ref().map_or("", |digest| digest.as_str()));
    println!("os        {}", summary.os.as_ref().map_or("", |os| &os.pretty));
    println!("paths     {}", summary.files.len());
    println!("packages  {}", summary.packages.len());
    println!("sizes     {:?}", summary.sizes);
    for (path, file) in &summary.files {
        for soname in file.elf.iter().flat_map(|elf| &elf.needed) {
            if summary.find_library(path, soname).is_none() {
                println!("missing   {soname} of {path}");
            }
        }
    }
    for layer in &summary.layers {
        println!("layer     {:>12} {:>12}  {}", layer.unpacked_bytes, layer.compressed_bytes, layer.created_by);
    }
    Ok(())
}
