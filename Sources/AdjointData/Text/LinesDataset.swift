/// The lines of a text file, plain or packed with gzip, as texts without their ends (LF, CR LF).
/// A plain file stays on the disk until its lines are asked for.
public struct LinesDataset: Dataset {
    /// The file, as the caller named it.
    public let path: String
    private let file: FileMemory
    private let lines: [Range<Int>]
    /// The line of the file, counted from 1, that each example is.
    public let numbers: [Int]

    /// - Parameters:
    ///   - path: The file.
    ///   - keepsBlank: Whether lines of nothing but spaces and tabs are examples too.
    /// - Throws: `DataFileError` where the file cannot be read.
    public init(_ path: String, keepsBlank: Bool = false) throws {
        self.path = path
        var file = try FileMemory(path, allowsEmpty: true)
        if file.holds([0x1F, 0x8B], at: 0) {
            file = try FileBytes.readUnpacked(path).withUnsafeBytes { FileMemory(copying: $0) }
        }
        let bytes = file[0..<file.count]
        var start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        var (lines, numbers, number) = ([Range<Int>](), [Int](), 0)
        while start < bytes.count {
            let next = bytes[start...].firstIndex(of: 0x0A)
            var end = next ?? bytes.count
            number += 1
            if end > start, bytes[end - 1] == 0x0D { end -= 1 }
            if keepsBlank || bytes[start..<end].contains(where: { $0 != 0x20 && $0 != 0x09 }) {
                lines.append(start..<end)
                numbers.append(number)
            }
            start = (next ?? bytes.count) + 1
        }
        self.file = file
        self.lines = lines
        self.numbers = numbers
    }

    public var count: Int { lines.count }

    /// - Throws: `DataFileError` for a line that is not valid UTF-8.
    public subscript(i: Int) -> String {
        get throws {
            let line = try lines.example(at: i)
            guard let text = String(validating: file[line], as: UTF8.self) else {
                throw DataFileError(
                    path: path, line: numbers[i], problem: "the text is not valid UTF-8",
                    advice: "save the file as UTF-8")
            }
            return text
        }
    }
}
