import AdjointCore

/// The header of a safetensors file, checked against the file's size before anything is read.
///
/// The format (huggingface/safetensors): the header's length as 8 bytes, little-endian; the header,
/// JSON that maps names to dtype, shape and the first and last offset of the data; the data,
/// without gaps or overlaps.
struct SafetensorsHeader {
    struct Entry {
        let name: String
        let dtype: DType
        let shape: [Int]
        /// In bytes from the start of the file.
        let range: Range<Int>
    }

    let entries: [Entry]
    /// Texts by name, which go with the tensors.
    let metadata: [String: String]

    /// The longest header that the reference implementation reads.
    static let limit = 100_000_000

    static let names: [(name: String, dtype: DType)] = [
        ("F64", .float64), ("F32", .float32), ("F16", .float16), ("BF16", .bfloat16),
        ("I64", .int64), ("I32", .int32), ("I16", .int16), ("I8", .int8), ("U8", .uint8),
        ("BOOL", .bool),
    ]

    init(_ file: FileMemory, path: String) throws(DataFileError) {
        func refusal(
            _ problem: String, _ advice: String = "the file is damaged: save or download it again"
        ) -> DataFileError {
            DataFileError(path: path, problem: problem, advice: advice)
        }
        guard file.count >= 8 else {
            throw refusal("the file ends within the 8 bytes that a safetensors file begins with")
        }
        let length = UInt64(littleEndian: file[0..<8].loadUnaligned(as: UInt64.self))
        guard length >= 2, length <= SafetensorsHeader.limit else {
            throw refusal(
                "this is no safetensors file: it would have a header of \(length) bytes",
                "name a file that was saved as safetensors")
        }
        guard Int(length) <= file.count - 8 else {
            throw refusal(
                "the file is truncated: its header has \(length) bytes, but only "
                    + "\(file.count - 8) follow")
        }
        let start = 8 + Int(length)
        let json: JSONValue
        do throws(JSONReader.Failure) {
            json = try JSONReader.read(Array(file[8..<start]))
        } catch {
            throw refusal(
                "the header is no JSON as safetensors files have it: \(error.problem), at byte "
                    + "\(8 + error.offset)")
        }
        guard case .object(let members) = json else { throw refusal("the header is no object") }
        var metadata: [String: String] = [:]
        if case .object(let notes)? = members["__metadata__"] {
            for case (let name, .string(let text)) in notes { metadata[name] = text }
        }
        self.metadata = metadata
        var entries: [Entry] = []
        for (name, value) in members where name != "__metadata__" {
            let shown = DataFileError.quoted(name)
            guard case .object(let fields) = value, case .string(let type)? = fields["dtype"],
                case .array(let sizes)? = fields["shape"],
                case .array(let offsets)? = fields["data_offsets"]
            else { throw refusal("tensor \(shown) lacks its dtype, shape or data_offsets") }
            guard let dtype = SafetensorsHeader.names.first(where: { $0.name == type })?.dtype
            else {
                throw refusal(
                    "tensor \(shown) has the dtype \(DataFileError.quoted(type)), which is not "
                        + "supported", "convert it to a type that is")
            }
            let shape = SafetensorsHeader.numbers(sizes)
            guard let shape, let bounds = SafetensorsHeader.numbers(offsets), bounds.count == 2,
                bounds[0] <= bounds[1], bounds[1] <= file.count - start
            else {
                throw refusal(
                    "tensor \(shown) lies outside the file, which has \(file.count - start) bytes "
                        + "of data")
            }
            let size = try byteCount(shape, dtype, path: path, what: "tensor \(shown)")
            guard size == bounds[1] - bounds[0] else {
                throw refusal(
                    "tensor \(shown) of shape \(shape) and dtype \(type) takes \(size) bytes, but "
                        + "has \(bounds[1] - bounds[0])")
            }
            entries.append(
                Entry(
                    name: name, dtype: dtype, shape: shape,
                    range: (start + bounds[0])..<(start + bounds[1])))
        }
        entries.sort {
            ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
        }
        var end = start
        for entry in entries {
            guard entry.range.lowerBound == end else {
                throw refusal(
                    "tensor \(DataFileError.quoted(entry.name)) "
                        + (entry.range.lowerBound < end
                            ? "overlaps another" : "leaves a gap before it"))
            }
            end = entry.range.upperBound
        }
        guard end == file.count else {
            throw refusal("the file goes on for \(file.count - end) bytes after its last tensor")
        }
        self.entries = entries
    }

    private static func numbers(_ values: [JSONValue]) -> [Int]? {
        var numbers: [Int] = []
        for value in values {
            guard case .number(let number) = value else { return nil }
            numbers.append(number)
        }
        return numbers
    }
}
