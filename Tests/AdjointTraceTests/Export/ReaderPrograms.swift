import Foundation

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// The elements of an XML file.
final class XMLText: NSObject, XMLParserDelegate {
    static let known: Set<String> = [
        "svg", "title", "desc", "style", "defs", "marker", "path", "rect", "text", "g",
    ]
    private var elements: Set<String> = []

    /// The names of all elements; nil where `text` is no XML.
    static func elements(of text: String) -> Set<String>? {
        let reader = XMLText()
        let parser = XMLParser(data: Data(text.utf8))
        parser.delegate = reader
        return parser.parse() ? reader.elements : nil
    }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
        qualifiedName: String?, attributes: [String: String]
    ) { elements.insert(name) }
}

/// The program `dot`, where it is installed.
enum Graphviz {
    /// `dot -Tcanon`; nil where there is no Graphviz.
    static func canonical(_ text: String) throws -> String? {
        let paths = ["/usr/bin/dot", "/usr/local/bin/dot", "/opt/homebrew/bin/dot"]
        guard let path = paths.first(where: FileManager.default.isExecutableFile) else {
            return nil
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = ["-Tcanon"]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
        try input.fileHandleForWriting.close()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return process.terminationStatus == 0 ? String(decoding: data, as: UTF8.self) : ""
    }
}
