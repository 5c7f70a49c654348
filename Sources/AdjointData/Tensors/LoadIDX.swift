public import AdjointCore

/// Reads an array in MNIST's format, IDX, plain or packed with gzip: images and labels come as
/// uint8 tensors, other files in the type that they state.
///
/// - Throws: `DataFileError` where the file cannot be read, or is no IDX file.
public func loadIDX(from path: String) throws -> Tensor {
    Tensor(try IDXArray(readingFrom: path))
}

extension Tensor {
    /// The elements of `array`, in its type.
    convenience init(_ array: IDXArray) {
        switch array.values {
        case .uint8(let v): self.init(v, shape: array.shape)
        case .int8(let v): self.init(v, shape: array.shape)
        case .int16(let v): self.init(v, shape: array.shape)
        case .int32(let v): self.init(v, shape: array.shape)
        case .float32(let v): self.init(v, shape: array.shape)
        case .float64(let v): self.init(v, shape: array.shape)
        }
    }
}
