/// The table of contents of a zip archive, checked against the file before anything in it is read:
/// every entry lies inside the file, apart from the others, and is what its local header says.
///
/// The format is PKWARE's APPNOTE 6.3, with its 64-bit extension; all numbers are little-endian.
struct ZipArchive {
    struct Entry {
        let name: String
        /// 0 for entries that are stored as they are, 8 for deflate.
        let method: UInt16
        let checksum: UInt32
        /// Bytes unpacked, as the archive states them.
        let size: Int
        /// The packed bytes, in the file.
        let data: Range<Int>
    }

    let file: FileMemory
    let path: String
    /// In the order of the table; folders are left out.
    let entries: [Entry]
    private let indices: [String: Int]

    init(_ file: FileMemory, path: String) throws(DataFileError) {
        let table = try ZipTable(file, path: path)
        var reader = ZipTableReader(file, path: path, table)
        entries = try reader.entries().filter { !$0.name.hasSuffix("/") }
        var indices: [String: Int] = [:]
        for (index, entry) in entries.enumerated() {
            if indices.updateValue(index, forKey: entry.name) != nil {
                throw .damaged(
                    path, "the archive holds \(DataFileError.quoted(entry.name)) twice")
            }
        }
        self.indices = indices
        self.file = file
        self.path = path
    }

    /// The entry called `name`.
    subscript(name: String) -> Entry? { indices[name].map { entries[$0] } }

    /// True for what a zip archive begins with; an archive without entries has no header there.
    static func looksLikeZip(_ file: FileMemory) -> Bool {
        (file.holds([0x50, 0x4B, 3, 4], at: 0) && !file.holds([UInt8(ascii: "{")], at: 8))
            || (file.holds([0x50, 0x4B, 5, 6], at: 0) && file.count == 22)
    }

    /// The memory that holds the content of `entry`, and where in it: the file itself where the
    /// entry is stored as it is.
    ///
    /// - Parameter isChecked: Whether the content must have the checksum that the archive states.
    func content(
        of entry: Entry, isChecked: Bool
    ) throws(DataFileError) -> (memory: FileMemory, range: Range<Int>) {
        let shown = DataFileError.quoted(entry.name)
        var content = (memory: file, range: entry.data)
        switch entry.method {
        case 0: break
        case 8:
            // Deflate packs 1,032 bytes into one at best; whatever claims more is a lie.
            guard entry.size / 1032 <= entry.data.count, entry.size <= FileBytes.limit else {
                throw .damaged(
                    path, "\(shown) would unpack \(entry.data.count) bytes to \(entry.size)")
            }
            let bytes = try Inflate.bare(
                file[entry.data], atMost: entry.size + 1, path: path,
                what: "the packed data of \(shown)")
            guard bytes.count == entry.size else {
                throw .damaged(
                    path,
                    "\(shown) should unpack to \(entry.size) bytes, but has "
                        + (bytes.count > entry.size ? "more" : "\(bytes.count)"))
            }
            let memory = bytes.withUnsafeBytes { FileMemory(copying: $0) }
            content = (memory, 0..<memory.count)
        default:
            throw DataFileError(
                path: path, problem: "\(shown) is packed by method \(entry.method)",
                advice: "save it again, stored or with deflate")
        }
        if isChecked {
            var checksum = Checksum()
            checksum.update(content.memory[content.range])
            guard checksum.value == entry.checksum else {
                throw .damaged(path, "\(shown) does not have the checksum that the archive states")
            }
        }
        return content
    }
}

/// Where the table of contents lies, from the record at the archive's end.
private struct ZipTable {
    let range: Range<Int>
    let count: Int

    init(_ file: FileMemory, path: String) throws(DataFileError) {
        guard let end = Self.endRecord(file) else {
            throw .damaged(
                path, "the file is truncated: no table of contents stands at the archive's end")
        }
        func field<T: FixedWidthInteger>(_ type: T.Type, _ offset: Int) -> Int {
            file.integer(type, at: offset).flatMap { Int(exactly: $0) } ?? -1
        }
        var (disk, start) = (field(UInt16.self, end + 4), field(UInt16.self, end + 6))
        var (here, count) = (field(UInt16.self, end + 8), field(UInt16.self, end + 10))
        var (size, offset) = (field(UInt32.self, end + 12), field(UInt32.self, end + 16))
        var limit = end
        if file.holds([0x50, 0x4B, 6, 7], at: end - 20) {
            let record = field(UInt64.self, end - 12)
            guard record >= 0, record <= end - 20 - 56, file.holds([0x50, 0x4B, 6, 6], at: record)
            else {
                throw .damaged(path, "the archive's 64-bit end record is not where it should be")
            }
            (disk, start) = (field(UInt32.self, record + 16), field(UInt32.self, record + 20))
            (here, count) = (field(UInt64.self, record + 24), field(UInt64.self, record + 32))
            (size, offset) = (field(UInt64.self, record + 40), field(UInt64.self, record + 48))
            limit = record
        }
        guard disk == 0, start == 0, here == count else {
            throw DataFileError(
                path: path, problem: "the archive is divided into several files",
                advice: "save it as one file")
        }
        guard size >= 0, offset >= 0, offset <= limit, size == limit - offset, count >= 0,
            count <= size / 46
        else {
            throw .damaged(
                path,
                "the archive's table of contents, \(count) entries in \(size) bytes from "
                    + "\(offset), does not fit the file of \(file.count) bytes")
        }
        range = offset..<limit
        self.count = count
    }

    /// The end record is followed by a comment alone, of at most 65,535 bytes.
    private static func endRecord(_ file: FileMemory) -> Int? {
        var offset = file.count - 22
        while offset >= max(0, file.count - 22 - 0xFFFF) {
            if file.holds([0x50, 0x4B, 5, 6], at: offset),
                file.integer(UInt16.self, at: offset + 20).map(Int.init) == file.count - 22 - offset
            {
                return offset
            }
            offset -= 1
        }
        return nil
    }
}

/// Reads the table of contents.
private struct ZipTableReader {
    private let file: FileMemory
    private let path: String
    private let table: ZipTable
    private var position: Int

    init(_ file: FileMemory, path: String, _ table: ZipTable) {
        self.file = file
        self.path = path
        self.table = table
        position = table.range.lowerBound
    }

    mutating func entries() throws(DataFileError) -> [ZipArchive.Entry] {
        var entries: [(start: Int, entry: ZipArchive.Entry)] = []
        for _ in 0..<table.count { entries.append(try entry()) }
        guard position == table.range.upperBound else {
            throw .damaged(path, "the archive's table of contents has more than its entries")
        }
        var end = 0
        for (start, entry) in entries.sorted(by: { $0.start < $1.start }) {
            guard start >= end else {
                throw .damaged(path, "\(DataFileError.quoted(entry.name)) overlaps another entry")
            }
            end = entry.data.upperBound
        }
        return entries.map(\.entry)
    }

    private func field<T: FixedWidthInteger>(
        _ type: T.Type, _ offset: Int
    ) throws(DataFileError) -> Int {
        guard let value = file.integer(type, at: offset).flatMap({ Int(exactly: $0) }) else {
            throw .damaged(path, "the archive ends within the header of an entry")
        }
        return value
    }

    private mutating func entry() throws(DataFileError) -> (start: Int, entry: ZipArchive.Entry) {
        let header = position
        guard file.holds([0x50, 0x4B, 1, 2], at: header) else {
            throw .damaged(path, "the archive's table of contents ends before its last entry")
        }
        let flags = try field(UInt16.self, header + 8)
        let method = try field(UInt16.self, header + 10)
        let nameEnd = header + 46 + (try field(UInt16.self, header + 28))
        let extraEnd = nameEnd + (try field(UInt16.self, header + 30))
        position = extraEnd + (try field(UInt16.self, header + 32))
        guard position <= table.range.upperBound else {
            throw .damaged(path, "an entry's name lies outside the archive's table of contents")
        }
        let nameBytes = file[(header + 46)..<nameEnd]
        guard let name = String(validating: nameBytes, as: UTF8.self) else {
            throw DataFileError(
                path: path, problem: "the name of an entry is not valid UTF-8",
                advice: "save the archive with names in UTF-8")
        }
        let shown = DataFileError.quoted(name)
        guard flags & 0x2041 == 0 else {
            throw DataFileError(
                path: path, problem: "\(shown) is encrypted", advice: "decrypt the archive first")
        }
        var sizes = [
            try field(UInt32.self, header + 24), try field(UInt32.self, header + 20),
            try field(UInt32.self, header + 42),
        ]
        try widen(&sizes, extra: nameEnd..<extraEnd)
        let (size, packed, start) = (sizes[0], sizes[1], sizes[2])
        // The local header repeats the entry's; one that differs hides something.
        let limit = table.range.lowerBound
        guard start <= limit - 30, file.holds([0x50, 0x4B, 3, 4], at: start),
            try field(UInt16.self, start + 8) == method,
            try field(UInt16.self, start + 26) == nameBytes.count,
            file.holds(Array(nameBytes), at: start + 30)
        else { throw .damaged(path, "\(shown) is not where the table of contents has it") }
        if flags & 8 == 0 {
            let local = (try field(UInt32.self, start + 22), try field(UInt32.self, start + 18))
            guard [size, 0xFFFF_FFFF].contains(local.0), [packed, 0xFFFF_FFFF].contains(local.1)
            else { throw .damaged(path, "the sizes of \(shown) are stated in two ways") }
        }
        let begin = start + 30 + nameBytes.count + (try field(UInt16.self, start + 28))
        guard begin <= limit, packed <= limit - begin, method != 0 || packed == size else {
            throw .damaged(path, "\(shown) of \(size) bytes lies outside the file")
        }
        return (
            start,
            ZipArchive.Entry(
                name: name, method: UInt16(method),
                checksum: UInt32(try field(UInt32.self, header + 16)), size: size,
                data: begin..<(begin + packed))
        )
    }

    /// Numbers too large for 32 bits are all ones there, and stand in an extra field, in order.
    private func widen(_ sizes: inout [Int], extra: Range<Int>) throws(DataFileError) {
        guard sizes.contains(0xFFFF_FFFF) else { return }
        var field = extra.lowerBound
        while field + 4 <= extra.upperBound {
            let kind = try self.field(UInt16.self, field)
            let end = field + 4 + (try self.field(UInt16.self, field + 2))
            guard end <= extra.upperBound else { break }
            if kind == 1 {
                var next = field + 4
                for index in sizes.indices where sizes[index] == 0xFFFF_FFFF {
                    guard next + 8 <= end else { break }
                    sizes[index] = try self.field(UInt64.self, next)
                    next += 8
                }
                return
            }
            field = end
        }
    }
}
