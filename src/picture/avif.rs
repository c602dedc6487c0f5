//! AVIF: a picture in a container (ISO/IEC 23000-22), coded as a frame of AV1; its alpha, where it has any, as another.

use avif_parse::AvifData;
use image::{Rgba, RgbaImage};
use re_rav1d::dav1d::PlanarImageComponent::{self, U, V, Y};
use re_rav1d::dav1d::pixel::{MatrixCoefficients, YUVRange};
use re_rav1d::dav1d::{Decoder, Error, Picture, PixelLayout, Settings};

/// The most pixels of a picture: a small file may call itself a very large one.
const MOST: u32 = 64 << 20;

/// Its width and height.
pub(super) fn size(bytes: &[u8]) -> Option<(u32, u32)> {
    let read = avif_parse::read_avif(&mut &*bytes).ok()?;
    let meta = read.primary_item_metadata().ok()?;
    Some((meta.max_frame_width.get(), meta.max_frame_height.get()))
}

/// Its pixels.
///
/// # Errors
/// Why they cannot be read, in words.
pub(super) fn pixels(bytes: &[u8]) -> Result<RgbaImage, String> {
    let AvifData { primary_item, alpha_item, .. } =
        avif_parse::read_avif(&mut &*bytes).map_err(|error| error.to_string())?;
    let colour = Frame::of(primary_item.to_vec())?;
    let alpha = alpha_item.map(|item| Frame::of(item.to_vec())).transpose()?;
    let (width, height) = (colour.picture.width(), colour.picture.height());
    let alpha = alpha.filter(|alpha| alpha.picture.width() >= width && alpha.picture.height() >= height);
    Ok(RgbaImage::from_fn(width, height, |x, y| {
        let [r, g, b] = colour.rgb(x, y);
        let a = alpha.as_ref().map_or(255, |alpha| byte(alpha.luma(x, y)));
        Rgba([r, g, b, a])
    }))
}

/// A frame, with what its samples mean.
struct Frame {
    picture: Picture,
    planes: [Vec<u8>; 3],
    /// How many pixels share a sample of chroma, as a shift.
    shift: (u32, u32),
}

impl Frame {
    fn of(coded: Vec<u8>) -> Result<Self, String> {
        let mut settings = Settings::new();
        settings.set_frame_size_limit(MOST);
        settings.set_n_threads(1);
        settings.set_max_frame_delay(1);
        let mut decoder = Decoder::with_settings(&settings).map_err(|error| error.to_string())?;
        decoder.send_data(coded, None, None, None).map_err(|error| error.to_string())?;
        let picture = loop {
            match decoder.get_picture() {
                Err(Error::Again) => decoder.send_pending_data().map_err(|error| error.to_string())?,
                picture => break picture.map_err(|error| error.to_string())?,
            }
        };
        let is_grey = picture.pixel_layout() == PixelLayout::I400;
        let plane = |component: PlanarImageComponent| {
            if is_grey && component != Y { Vec::new() } else { picture.plane(component).to_vec() }
        };
        let planes = [plane(Y), plane(U), plane(V)];
        let shift = match picture.pixel_layout() {
            PixelLayout::I420 => (1, 1),
            PixelLayout::I422 => (1, 0),
            PixelLayout::I400 | PixelLayout::I444 => (0, 0),
        };
        Ok(Self { picture, planes, shift })
    }

    /// A sample, from 0 to 1 over all that its bits can say; the middle where there is none.
    fn sample(&self, plane: usize, x: u32, y: u32) -> f32 {
        let wide = self.picture.bit_depth() > 8;
        let stride = self.picture.stride([Y, U, V][plane]) as usize;
        let at = y as usize * stride + x as usize * if wide { 2 } else { 1 };
        let bytes = &self.planes[plane];
        let value = match (bytes.get(at), bytes.get(at + 1)) {
            (Some(low), Some(high)) if wide => u16::from_le_bytes([*low, *high]),
            (Some(value), _) if !wide => u16::from(*value),
            _ => return 0.5,
        };
        f32::from(value) / f32::from((1_u16 << self.picture.bit_depth().min(15)) - 1)
    }

    fn is_full(&self) -> bool {
        self.picture.color_range() == YUVRange::Full
    }

    /// Brightness, from 0 to 1.
    fn luma(&self, x: u32, y: u32) -> f32 {
        let value = self.sample(0, x, y);
        if self.is_full() { value } else { (value * 255.0 - 16.0) / 219.0 }
    }

    /// ITU-T H.273, 8.3.
    fn rgb(&self, x: u32, y: u32) -> [u8; 3] {
        let luma = self.luma(x, y);
        if self.planes[1].is_empty() {
            return [byte(luma); 3];
        }
        let (x, y) = (x >> self.shift.0, y >> self.shift.1);
        let (blue, red) = (self.sample(1, x, y), self.sample(2, x, y));
        let (kr, kb) = match self.picture.matrix_coefficients() {
            MatrixCoefficients::Identity => return [byte(red), byte(luma), byte(blue)],
            MatrixCoefficients::BT709 => (0.2126, 0.0722),
            MatrixCoefficients::BT2020NonConstantLuminance => (0.2627, 0.0593),
            _ => (0.299, 0.114),
        };
        let chroma = |value: f32| {
            let middle = 128.0 / 255.0;
            if self.is_full() { value - middle } else { (value - middle) * 255.0 / 224.0 }
        };
        let red = luma + chroma(red) * 2.0 * (1.0 - kr);
        let blue = luma + chroma(blue) * 2.0 * (1.0 - kb);
        let green = (luma - kr * red - kb * blue) / (1.0 - kr - kb);
        [byte(red), byte(green), byte(blue)]
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is between 0 and 255")]
fn byte(value: f32) -> u8 {
    (value.clamp(0.0, 1.0) * 255.0).round() as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_and_alpha_come_back() {
        for (bytes, alpha) in [
            (include_bytes!("../../tests/fixtures/pictures/two.avif").as_slice(), 255),
            (include_bytes!("../../tests/fixtures/pictures/two-444.avif"), 255),
            (include_bytes!("../../tests/fixtures/pictures/alpha.avif"), 128),
        ] {
            assert_eq!(size(bytes), Some((64, 32)));
            let read = pixels(bytes).unwrap();
            for (x, expect) in [(8, [20, 90, 200]), (56, [200, 30, 40])] {
                let Rgba([r, g, b, a]) = *read.get_pixel(x, 16);
                let far = [r, g, b].iter().zip(expect).any(|(own, expect)| own.abs_diff(expect) > 6);
                assert!(!far && a.abs_diff(alpha) < 3, "{r} {g} {b} {a}");
            }
        }
        assert!(pixels(b"no picture").is_err());
    }
}
