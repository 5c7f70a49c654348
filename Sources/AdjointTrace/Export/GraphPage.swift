public import AdjointCore
public import AdjointData

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A page of HTML, to be read or to be written to a file.
public struct GraphPage: Sendable, CustomStringConvertible {
    /// The whole page.
    public let text: String

    /// The page itself.
    public var description: String { text }

    /// Writes the page to a file, as a whole or not at all.
    ///
    /// - Throws: `DataFileError` where the file cannot be written.
    public func write(to path: String) throws(DataFileError) {
        try TextFile.write(text, to: path)
    }

    /// Writes the page to the file of a URL such as `file:///tmp/graph.html`. Any value that
    /// describes itself so will do, so that Foundation's need not be linked.
    ///
    /// - Throws: `DataFileError` where it is not the URL of a file, or cannot be written.
    public func write(to url: some CustomStringConvertible) throws(DataFileError) {
        guard let path = Self.path(ofURL: url.description) else {
            throw DataFileError(
                path: url.description, problem: "this is not the URL of a file",
                advice: "give one that begins with file:///, or a path")
        }
        try write(to: path)
    }

    /// The path of "file:///tmp/a%20b"; nil for other URLs.
    static func path(ofURL text: String) -> String? {
        for start in ["file://localhost/", "file:///"] where text.hasPrefix(start) {
            var bytes: [UInt8] = [UInt8(ascii: "/")]
            var rest = Array(text.dropFirst(start.count).utf8)[...]
            while let byte = rest.popFirst() {
                guard byte == UInt8(ascii: "%") else {
                    bytes.append(byte)
                    continue
                }
                let digits = String(decoding: rest.prefix(2), as: UTF8.self)
                guard digits.count == 2, let value = UInt8(digits, radix: 16), value != 0 else {
                    return nil
                }
                bytes.append(value)
                rest = rest.dropFirst(2)
            }
            return String(decoding: bytes, as: UTF8.self)
        }
        return nil
    }
}

extension Graph {
    /// The viewer with this graph as one page, which needs no network and can be mailed.
    ///
    /// - Throws: `ExportError`: `.nothingToShow` where nothing was recorded; `.tooLarge` for a page
    ///   of more than 5 MB.
    public func html(title: String? = nil) throws(ExportError) -> GraphPage {
        GraphPage(text: try document(title: title).html(title: title))
    }

    /// Writes the page of `html(title:)` to a new file in the folder for temporary ones, prints
    /// its path and returns it.
    ///
    /// - Throws: `ExportError` as `html` does; `DataFileError` where the file cannot be written.
    @discardableResult
    public func show(title: String? = nil) throws -> String {
        let page = try html(title: title)
        let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        let name = "graph-\(String(UInt64.random(in: 0...UInt64.max), radix: 36)).html"
        let path = folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
        try page.write(to: path)
        print(path)
        return path
    }
}
