public import AdjointCore

/// Reads an array in MNIST's format, IDX, plain or packed with gzip: images and labels come as
/// uint8 tensors, other files in the type that they state.
///
/// - Throws: `DataFileError` where the file cannot be read, or is no IDX file.
public func loadIDX(from path: String) throws -> Tensor {
    let array = try IDXArray(readingFrom: path)
    return switch array.values {
    case .uint8(let v): Tensor(v, shape: array.shape)
    case .int8(let v): Tensor(v, shape: array.shape)
    case .int16(let v): Tensor(v, shape: array.shape)
    case .int32(let v): Tensor(v, shape: array.shape)
    case .float32(let v): Tensor(v, shape: array.shape)
    case .float64(let v): Tensor(v, shape: array.shape)
    }
}
