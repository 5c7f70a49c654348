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

/// Writes a tensor in MNIST's format, IDX, not packed. What was at `path` is replaced as a whole,
/// or stays as it was.
///
/// - Throws: `DataFileError` where the file cannot be written, for other types than uint8, int8,
///   int16, int32, float32 and float64, and unless there are 1 to 4 dimensions below 2³².
/// - Errors: `.device` for a tensor without data.
public func saveIDX(_ t: Tensor, to path: String) throws {
    let tensor = t.detach()
    guard let type = IDXHeader.ElementType.allCases.first(where: { $0.name == "\(tensor.dtype)" })
    else {
        throw DataFileError(
            path: path, problem: "an IDX file holds no \(tensor.dtype)",
            advice: "convert the tensor to uint8, int32 or float32 first")
    }
    guard (1...4).contains(tensor.ndim), tensor.shape.allSatisfy({ $0 <= Int(UInt32.max) }) else {
        throw DataFileError(
            path: path, problem: "an IDX file holds 1 to 4 dimensions, not \(tensor.shape)",
            advice: "reshape the tensor first")
    }
    var header: [UInt8] = [0, 0, type.rawValue, UInt8(tensor.ndim)]
    for size in tensor.shape {
        header += withUnsafeBytes(of: UInt32(size).bigEndian) { Array($0) }
    }
    try FileWriter.write(to: path) { sink throws(DataFileError) in
        sink.put(header)
        sink.put(tensor, named: "tensor", isBigEndian: true)
    }
}
