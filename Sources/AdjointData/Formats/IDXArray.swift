/// An array in the IDX format that MNIST and its successors use, plain or packed with gzip.
///
/// The format (Y. LeCun, "The MNIST database of handwritten digits"): two zero bytes, one byte for
/// the element type, one for the number of dimensions; each dimension as a 32-bit integer, then the
/// elements in row-major order, everything big-endian.
public struct IDXArray: Sendable {
    /// The elements, row-major, in the type that the file states.
    public enum Values: Sendable {
        /// Whole numbers of a byte, 0...255.
        case uint8([UInt8])
        /// Whole numbers of a byte, -128...127.
        case int8([Int8])
        /// Whole numbers of two bytes.
        case int16([Int16])
        /// Whole numbers of four bytes.
        case int32([Int32])
        /// Floating-point numbers of four bytes.
        case float32([Float])
        /// Floating-point numbers of eight bytes.
        case float64([Double])
    }

    /// The file, as the caller named it.
    public let path: String
    /// The sizes of the dimensions, one to four of them.
    public let shape: [Int]
    /// The elements; as many as the sizes in `shape` multiply to.
    public let values: Values

    /// Reads the file at `path`.
    ///
    /// Throws a `DataFileError` when the file cannot be read, is no IDX file, or holds fewer or
    /// more bytes than its header states. No memory is taken on the header's word alone.
    public init(readingFrom path: String) throws(DataFileError) {
        try self.init(packed: FileBytes.read(path), path: path)
    }

    /// Reads an IDX file from memory, packed with gzip or not; `path` is for messages.
    init(packed bytes: [UInt8], path: String) throws(DataFileError) {
        var bytes = bytes
        if Inflate.looksLikeGzip(bytes) {
            let packed = bytes
            let start = try Inflate.gzip(packed, atMost: IDXHeader.longest, path: path)
            let size = try IDXHeader(start, path: path).fileSize
            bytes = try Inflate.gzip(packed, atMost: size + 1, path: path)
        }
        try self.init(bytes, path: path)
    }

    /// Reads an unpacked IDX file from memory; `path` is for messages.
    init(_ bytes: [UInt8], path: String) throws(DataFileError) {
        let header = try IDXHeader(bytes, path: path)
        guard bytes.count == header.fileSize else {
            let sizes = header.shape.map(String.init).joined(separator: " x ")
            let more = bytes.count > header.fileSize
            throw DataFileError(
                path: path,
                problem: "the header states \(sizes) elements of \(header.type.name), "
                    + "\(header.fileSize) bytes with it, but the file "
                    + (more ? "goes on after them" : "ends after \(bytes.count)"),
                advice: more
                    ? "check that this is one IDX file and nothing else"
                    : "the file is truncated: download or copy it again")
        }
        self.path = path
        shape = header.shape
        let body = bytes[header.size...]
        values =
            switch header.type {
            case .uint8: .uint8(Array(body))
            case .int8: .int8(body.map { Int8(bitPattern: $0) })
            case .int16: .int16(bigEndian(body).map { Int16(bitPattern: $0) })
            case .int32: .int32(bigEndian(body).map { Int32(bitPattern: $0) })
            case .float32: .float32(bigEndian(body).map { Float(bitPattern: $0) })
            case .float64: .float64(bigEndian(body).map { Double(bitPattern: $0) })
            }
    }

    /// How many elements there are.
    public var count: Int { shape.reduce(1, *) }

    /// The elements as float32, rounded where that has fewer digits.
    public var floats: [Float] {
        switch values {
        case .uint8(let v): v.map { Float($0) }
        case .int8(let v): v.map { Float($0) }
        case .int16(let v): v.map { Float($0) }
        case .int32(let v): v.map { Float($0) }
        case .float32(let v): v
        case .float64(let v): v.map { Float($0) }
        }
    }

    /// The elements as float64, each of them exact.
    public var doubles: [Double] {
        switch values {
        case .uint8(let v): v.map(Double.init)
        case .int8(let v): v.map(Double.init)
        case .int16(let v): v.map(Double.init)
        case .int32(let v): v.map(Double.init)
        case .float32(let v): v.map(Double.init)
        case .float64(let v): v
        }
    }
}

/// The unsigned integers that `bytes` hold, most significant byte first.
private func bigEndian<T: FixedWidthInteger & UnsignedInteger>(_ bytes: ArraySlice<UInt8>) -> [T] {
    let width = MemoryLayout<T>.size
    return stride(from: bytes.startIndex, to: bytes.endIndex, by: width).map { start in
        bytes[start..<(start + width)].reduce(0) { $0 << 8 | T($1) }
    }
}
