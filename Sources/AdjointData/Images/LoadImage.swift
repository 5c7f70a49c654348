public import AdjointCore

/// Reads an image, PNG or JPEG, as its content tells: uint8 [channels, height, width]. Samples of
/// 16 bits are scaled to 8; colour profiles, gammas and the orientation that a camera notes are
/// left out.
///
/// PNG takes the system's libpng, and JPEG its libjpeg-turbo, which are looked for when the first
/// such image is read.
///
/// - Parameters:
///   - path: The file.
///   - mode: Which channels to read.
/// - Throws: `DataFileError` where the file cannot be read, is damaged, or of another format, and
///   where the library is missing.
public func loadImage(from path: String, mode: ImageMode = .unchanged) throws -> Tensor {
    let file = try FileMemory(path)
    return try image(file[0..<file.count], mode: mode, path: path)
}

/// The image in `bytes`, the content of a PNG or JPEG file. See `loadImage(from:mode:)`.
///
/// - Throws: `DataFileError` for what is no image.
public func decodeImage(_ bytes: [UInt8], mode: ImageMode = .unchanged) throws -> Tensor {
    let pixels = bytes.withUnsafeBytes { bytes in
        Result { try image(bytes, mode: mode, path: "image in memory") }
    }
    return try pixels.get()
}

/// The image in `bytes`, which messages call `path`.
func image(
    _ bytes: UnsafeRawBufferPointer, mode: ImageMode, path: String
) throws(DataFileError) -> Tensor {
    if bytes.starts(with: PNGHeader.signature) {
        guard let png = PNG.shared else { throw PNG.missing(path) }
        return try png.pixels(bytes, path: path).converted(to: mode).tensor
    }
    if bytes.starts(with: JPEG.signature) {
        guard let jpeg = JPEG.shared else { throw JPEG.missing(path) }
        return try jpeg.pixels(bytes, mode: mode, path: path).converted(to: mode).tensor
    }
    throw DataFileError(
        path: path, problem: "this is neither a PNG nor a JPEG image",
        advice: "convert it to one of them")
}

/// Writes an image as a PNG file. What was at `path` is replaced as a whole, or stays as it was.
///
/// - Parameters:
///   - image: uint8 [channels, height, width] with 1 to 4 channels (gray, gray and alpha, RGB, RGB
///     and alpha), or [height, width].
///   - path: The file.
/// - Throws: `DataFileError` where the file cannot be written, or libpng is missing.
/// - Errors: `.dtype` for other types, `.shape` for other shapes and images without pixels,
///   `.device` for an image without data.
public func savePNG(_ image: Tensor, to path: String) throws {
    let bytes = try encodePNG(image, path: path)
    if bytes.isEmpty { return }
    try FileWriter.write(to: path) { sink throws(DataFileError) in sink.put(bytes) }
}

/// An image as the content of a PNG file. See `savePNG(_:to:)`.
public func encodePNG(_ image: Tensor) throws -> [UInt8] {
    try encodePNG(image, path: "image in memory")
}

/// Empty after a programmer's mistake.
private func encodePNG(_ image: Tensor, path: String) throws(DataFileError) -> [UInt8] {
    if image.dtype != .uint8 {
        Failure.raise(
            TensorError(
                .dtype,
                "a PNG image takes uint8, but this tensor holds \(image.dtype); for fractions in "
                    + "0...1: (x * 255).round().to(.uint8)", operation: "savePNG"))
        return []
    }
    let whole = image.ndim == 2 ? image.unsqueeze(0) : image.detach()
    guard whole.ndim == 3, (1...4).contains(whole.shape[0]), whole.numel > 0,
        whole.shape[1] * whole.shape[2] <= Pixels.most
    else {
        Failure.raise(
            TensorError(
                .shape,
                "expected [channels, height, width] with 1 to 4 channels and at least one pixel, "
                    + "or [height, width], but got shape \(image.shape)", operation: "savePNG"))
        return []
    }
    guard let png = PNG.shared else { throw PNG.missing(path) }
    var result: Result<[UInt8], DataFileError> = .success([])
    whole.permute(1, 2, 0).withRawBytes { bytes in
        result = png.file(
            bytes, height: whole.shape[1], width: whole.shape[2], channels: whole.shape[0])
    }
    do throws(DataFileError) {
        return try result.get()
    } catch {
        throw DataFileError(path: path, problem: error.problem, advice: error.advice)
    }
}
