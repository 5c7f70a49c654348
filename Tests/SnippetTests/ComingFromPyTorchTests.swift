import Foundation
import Testing

/// The page for those who know PyTorch has names that exist. Its programs are held by PageTests.
@Suite struct ComingFromPyTorchTests {
    private static let page = try? String(
        contentsOf: Snippet.root.appendingPathComponent(
            "Sources/Adjoint/Adjoint.docc/Guides/ComingFromPyTorch.md"),
        encoding: .utf8)

    /// Every name in the table's right column is declared somewhere in the library.
    @Test func theNamesExist() throws {
        let sources = Snippet.root.appendingPathComponent("Sources")
        let files = FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)
        var declared: Set<String> = []
        for case let url as URL in files ?? .init() where url.pathExtension == "swift" {
            let text = try String(contentsOf: url, encoding: .utf8)
            for match in text.matches(
                of: #/\b(?:func|var|let|case|class|struct|enum|protocol|typealias) `?(\w+)/#)
            {
                declared.insert(String(match.1))
            }
            // Labels of parameters, with the name that stands behind or alone.
            for match in text.matches(of: #/(\w+)(?: \w+)?: /#) { declared.insert(String(match.1)) }
        }
        let placeholders: Set = [
            "a", "b", "f", "i", "ij", "ik", "indices", "jk", "m", "mask", "model", "nil",
            "optimizer", "p", "path", "protocol", "self", "state", "true", "false", "w", "x", "y",
            "as", "device", "loss", "Double", "Float",
        ]
        var rows = 0
        for line in try #require(Self.page).components(separatedBy: "\n")
        where line.hasPrefix("| `") {
            rows += 1
            let column = try #require(line.components(separatedBy: " | ").last)
            for code in column.matches(of: #/`([^`]+)`/#) {
                for word in code.1.matches(of: #/\b[A-Za-z_]\w*/#) {
                    let name = String(word.0)
                    #expect(
                        declared.contains(name) || placeholders.contains(name),
                        "\(name), in \(code.1)")
                }
            }
        }
        #expect(rows > 35)
    }
}
