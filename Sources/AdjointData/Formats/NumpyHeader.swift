import AdjointCore

/// The header of an array in NumPy's format, checked against the bytes that follow it.
///
/// The format (numpy.lib.format, versions 1 to 3): `\x93NUMPY`, the version as two bytes, the
/// header's length as two bytes (four since version 2), and a Python dictionary that names the
/// element type, the order and the shape.
struct NumpyHeader {
    let dtype: DType
    let isBigEndian: Bool
    /// Whether the first index runs fastest.
    let isFortran: Bool
    let shape: [Int]
    /// Where the elements lie, in the file.
    let data: Range<Int>

    static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
    private static let types: [(code: String, dtype: DType)] = [
        ("f4", .float32), ("f8", .float64), ("f2", .float16), ("i8", .int64), ("i4", .int32),
        ("i2", .int16), ("i1", .int8), ("u1", .uint8), ("b1", .bool),
    ]

    /// Reads the header at the start of `range`, which ends with the array's last byte.
    ///
    /// - Parameter what: What messages call the array: "the file", or an entry of an archive.
    init(
        _ file: FileMemory, _ range: Range<Int>, path: String, what: String = "the file"
    ) throws(DataFileError) {
        guard range.count >= 12, file.holds(Self.magic, at: range.lowerBound) else {
            throw DataFileError(
                path: path, problem: "\(what) is no NumPy array: it does not begin as one",
                advice: "name a file that numpy.save wrote")
        }
        let version = file[range][6]
        guard (1...3).contains(version) else {
            throw DataFileError(
                path: path, problem: "\(what) has version \(version) of NumPy's format",
                advice: "save it with a version from 1 to 3")
        }
        let start = range.lowerBound + (version == 1 ? 10 : 12)
        let length =
            version == 1
            ? file.integer(UInt16.self, at: range.lowerBound + 8).map { Int($0) }
            : file.integer(UInt32.self, at: range.lowerBound + 8).map { Int($0) }
        guard let length, length <= range.upperBound - start else {
            throw .damaged(path, "\(what) is truncated: it ends within its header")
        }
        var scanner = PythonDictionary(Array(file[start..<(start + length)]))
        let members: (type: String, isFortran: Bool, shape: [Int])
        do throws(PythonDictionary.Failure) {
            members = try scanner.header()
        } catch {
            throw .damaged(path, "the header of \(what) cannot be read: \(error.problem)")
        }
        var code = members.type
        let order = code.first.flatMap { "<>=|".contains($0) ? code.removeFirst() : nil }
        guard let dtype = Self.types.first(where: { $0.code == code })?.dtype,
            order != "|" || dtype.itemSize == 1
        else {
            throw DataFileError(
                path: path,
                problem: "\(what) has the type \(DataFileError.quoted(members.type)), which is "
                    + "not supported",
                advice: "convert it in NumPy first: astype to a float, an integer or bool")
        }
        self.dtype = dtype
        isBigEndian = order == ">" && dtype.itemSize > 1
        isFortran = members.isFortran
        shape = members.shape
        data = (start + length)..<range.upperBound
        let size = try byteCount(shape, dtype, path: path, what: what)
        guard size == data.count else {
            throw .damaged(
                path,
                "\(what) of shape \(shape) and type \(dtype) takes \(size) bytes, but has "
                    + "\(data.count)")
        }
    }

    /// The bytes that stand before the elements of `tensor`, row-major; a multiple of 64 of them.
    static func bytes(for tensor: Tensor, path: String, name: String?) throws(DataFileError)
        -> [UInt8]
    {
        guard let code = types.first(where: { $0.dtype == tensor.dtype })?.code else {
            throw DataFileError(
                path: path,
                problem: (name.map { "tensor \(DataFileError.quoted($0))" } ?? "the tensor")
                    + " is \(tensor.dtype), which NumPy's files cannot hold",
                advice: "convert it to float32 first, or save it as safetensors")
        }
        let sizes = tensor.shape.map(String.init).joined(separator: ", ")
        let shape = tensor.shape.count == 1 ? "(\(sizes),)" : "(\(sizes))"
        var header = Array(
            ("{'descr': '\(tensor.dtype.itemSize == 1 ? "|" : "<")\(code)', "
                + "'fortran_order': False, 'shape': \(shape), }").utf8)
        while (header.count + 11) % 64 != 0 { header.append(UInt8(ascii: " ")) }
        header.append(UInt8(ascii: "\n"))
        return magic + [1, 0, UInt8(header.count & 0xFF), UInt8(header.count >> 8)] + header
    }
}

/// How many bytes a tensor takes. Throws where that, or a part of it, passes what can be counted.
///
/// Every size counts as at least 1: strides are products of sizes, also around an empty dimension.
func byteCount(
    _ shape: [Int], _ dtype: DType, path: String, what: String
) throws(DataFileError) -> Int {
    var reach = dtype.itemSize
    for size in shape {
        let (product, overflow) = reach.multipliedReportingOverflow(by: max(size, 1))
        if overflow { throw .damaged(path, "\(what) of shape \(shape.prefix(8)) is too large") }
        reach = product
    }
    guard shape.count <= Dims.capacity else {
        throw DataFileError(
            path: path,
            problem: "\(what) has \(shape.count) dimensions, where a tensor has at most "
                + "\(Dims.capacity)", advice: "reshape it to fewer, and save it again")
    }
    return shape.contains(0) ? 0 : reach
}
