/// Walks over the cells of a CSV file (RFC 4180, and LF or CR alone as line ends).
struct CSVScanner {
    enum Ending { case cell, line }

    /// One cell: the bytes between its commas or quotation marks, and what follows it.
    struct Cell {
        var range: Range<Int>
        /// The content holds doubled quotation marks that stand for one.
        var hasEscapes = false
        var ending: Ending
    }

    let bytes: [UInt8]
    let path: String
    private(set) var position: Int
    /// The line at `position`, counted from 1.
    private(set) var line = 1

    init(_ bytes: [UInt8], path: String) {
        self.bytes = bytes
        self.path = path
        position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    /// Moves over lines that hold nothing but blanks; false at the end of the file.
    mutating func moveToNextRow() -> Bool {
        var index = position
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x09: index += 1
            case Self.lineFeed, Self.carriageReturn:
                index += 1
                endLine(at: &index)
                position = index
            default: return true
            }
        }
        return false
    }

    /// The next cell of the row at hand.
    mutating func next() throws(DataFileError) -> Cell {
        if position < bytes.count, bytes[position] == Self.quote { return try nextQuoted() }
        let start = position
        var index = start
        while index < bytes.count {
            if Self.endsCell(bytes[index]) { break }
            index += 1
        }
        return Cell(range: start..<index, ending: finishCell(at: index))
    }

    /// The text of `cell`.
    func text(_ cell: Cell) -> String {
        let text = String(decoding: bytes[cell.range], as: UTF8.self)
        guard cell.hasEscapes else { return text }
        var result = ""
        var skip = false
        for character in text.unicodeScalars {
            if character == "\"", !skip {
                skip = true
                continue
            }
            skip = false
            result.unicodeScalars.append(character)
        }
        return result
    }

    private mutating func nextQuoted() throws(DataFileError) -> Cell {
        let firstLine = line
        let start = position + 1
        var index = start
        var hasEscapes = false
        while index < bytes.count {
            let byte = bytes[index]
            if byte == Self.quote {
                guard index + 1 < bytes.count, bytes[index + 1] == Self.quote else { break }
                hasEscapes = true
                index += 1
            } else if byte == Self.lineFeed {
                line += 1
            }
            index += 1
        }
        guard index < bytes.count else {
            throw DataFileError(
                path: path, line: firstLine, problem: "a quotation mark opens and never closes",
                advice: "close it, or remove it")
        }
        let range = start..<index
        index += 1
        guard index == bytes.count || Self.endsCell(bytes[index]) else {
            throw DataFileError(
                path: path, line: line, problem: "text follows a closing quotation mark",
                advice: "put a comma between cells, and double the quotation marks within one")
        }
        return Cell(range: range, hasEscapes: hasEscapes, ending: finishCell(at: index))
    }

    /// Moves past the comma or line end at `index`.
    private mutating func finishCell(at index: Int) -> Ending {
        position = index
        guard index < bytes.count else { return .line }
        var next = index + 1
        defer { position = next }
        guard bytes[index] != Self.comma else { return .cell }
        endLine(at: &next)
        return .line
    }

    /// Counts the line that ended just before `index`, and takes the second half of CR LF.
    private mutating func endLine(at index: inout Int) {
        line += 1
        if bytes[index - 1] == Self.carriageReturn, index < bytes.count,
            bytes[index] == Self.lineFeed
        {
            index += 1
        }
    }

    private static func endsCell(_ byte: UInt8) -> Bool {
        byte == comma || byte == lineFeed || byte == carriageReturn
    }

    private static let comma = UInt8(ascii: ",")
    private static let quote = UInt8(ascii: "\"")
    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")
}
