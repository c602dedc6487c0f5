//! Picture files: how large they are, and as PNG.
//!
//! Not responsible for which pictures there are, or where they go.

mod avif;

use std::panic::AssertUnwindSafe;
use std::path::Path;

use image::{DynamicImage, ImageFormat, ImageReader};
use resvg::{tiny_skia, usvg};

use crate::fsx;

/// A larger file is no picture for a mail.
const LARGEST: u64 = 32 << 20;

/// The most pixels on a side of what is made.
const WIDEST: u32 = 1_600;

fn has_ending(path: &Path, endings: &[&str]) -> bool {
    let own = path.extension().unwrap_or_default().to_string_lossy();
    endings.iter().any(|ending| own.eq_ignore_ascii_case(ending))
}

/// Whether a file is of a kind that browsers show and many mail programs do not: WebP, AVIF, SVG and the like.
pub fn is_for_browsers_alone(path: &Path) -> bool {
    has_ending(path, &["webp", "avif", "svg", "jxl", "heic", "bmp", "tif", "tiff"])
}

fn is_svg(path: &Path) -> bool {
    has_ending(path, &["svg"])
}

fn is_avif(path: &Path) -> bool {
    has_ending(path, &["avif"])
}

/// Its width and height in pixels, where it can be read.
pub fn size(path: &Path) -> Option<(u32, u32)> {
    let bytes = fsx::read(path, LARGEST).ok()?;
    let read = || {
        if is_svg(path) {
            let size = usvg::Tree::from_data(&bytes, &options()).ok()?.size().to_int_size();
            return Some((size.width(), size.height()));
        }
        if is_avif(path) {
            return avif::size(&bytes);
        }
        ImageReader::new(std::io::Cursor::new(&bytes)).with_guessed_format().ok()?.into_dimensions().ok()
    };
    std::panic::catch_unwind(AssertUnwindSafe(read)).ok().flatten()
}

/// A drawing brings no other files in.
fn options() -> usvg::Options<'static> {
    let mut options = usvg::Options::default();
    options.image_href_resolver.resolve_string = Box::new(|_, _| None);
    options
}

/// A name that is the same for the same bytes.
pub fn name(path: &Path) -> Option<String> {
    let bytes = fsx::read(path, LARGEST).ok()?;
    Some(blake3::hash(&bytes).to_hex()[..16].to_owned())
}

/// The picture as PNG.
///
/// # Errors
/// Why it cannot be, in words.
pub fn png(path: &Path) -> Result<Vec<u8>, String> {
    let bytes = fsx::read(path, LARGEST).map_err(|error| error.to_string())?;
    let made = || {
        if is_svg(path) {
            return of_svg(&bytes);
        }
        of_pixels(if is_avif(path) { avif::pixels(&bytes)?.into() } else { decoded(&bytes)? })
    };
    // A picture that its decoder stumbles over must not hold the mail back.
    std::panic::catch_unwind(AssertUnwindSafe(made)).unwrap_or_else(|_| Err("its decoder failed".to_owned()))
}

fn decoded(bytes: &[u8]) -> Result<DynamicImage, String> {
    let reader = ImageReader::new(std::io::Cursor::new(bytes)).with_guessed_format();
    reader.map_err(|error| error.to_string())?.decode().map_err(|error| error.to_string())
}

fn of_pixels(read: DynamicImage) -> Result<Vec<u8>, String> {
    let fits = read.width() <= WIDEST && read.height() <= WIDEST;
    let read = if fits { read } else { read.resize(WIDEST, WIDEST, image::imageops::FilterType::Lanczos3) };
    let mut out = std::io::Cursor::new(Vec::new());
    read.write_to(&mut out, ImageFormat::Png).map_err(|error| error.to_string())?;
    Ok(out.into_inner())
}

/// Twice as many pixels as it has units, for dense screens.
fn of_svg(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let mut options = options();
    options.fontdb_mut().load_system_fonts();
    let tree = usvg::Tree::from_data(bytes, &options).map_err(|error| error.to_string())?;
    let size = tree.size();
    let longest = size.width().max(size.height());
    #[expect(clippy::cast_precision_loss, reason = "a bound")]
    let scale = (WIDEST as f32 / longest).min(2.0);
    let whole = size.to_int_size().scale_by(scale).ok_or("it has no size")?;
    let mut canvas = tiny_skia::Pixmap::new(whole.width(), whole.height()).ok_or("it has no size")?;
    resvg::render(&tree, tiny_skia::Transform::from_scale(scale, scale), &mut canvas.as_mut());
    canvas.encode_png().map_err(|error| error.to_string())
}
