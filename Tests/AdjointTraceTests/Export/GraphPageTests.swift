import Adjoint
import Foundation
import Testing

@testable import AdjointTrace

@Suite struct GraphPageTests {
    private func graph() -> Graph {
        let x = Tensor([2.0], requiresGrad: true)
        return (x ** 2 + 3 * x).graph(naming: [("x", x)])
    }

    @Test("A graph is a page, written to a path or to a URL")
    func writes() throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("pages \(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let page = try graph().html(title: "y")
        #expect(page.text.hasPrefix("<!doctype html>") && page.text.contains("<title>y</title>"))
        let url = folder.appendingPathComponent("a b.html")
        try page.write(to: url)
        #expect(try String(contentsOf: url, encoding: .utf8) == page.text)
        let path = folder.appendingPathComponent("c.html").path
        try page.write(to: path)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == page.text)
        #expect(throws: DataFileError.self) {
            try page.write(to: URL(string: "https://example.com/a.html")!)
        }
        #expect(throws: DataFileError.self) { try page.write(to: "\(folder.path)/none/a.html") }
        #expect(throws: ExportError.self) { try Tensor([1.0]).graph().html() }
    }

    @Test("URLs of files are decoded")
    func urls() {
        #expect(GraphPage.path(ofURL: "file:///tmp/a%20b%C3%A9") == "/tmp/a bé")
        #expect(GraphPage.path(ofURL: "file://localhost/x") == "/x")
        #expect(GraphPage.path(ofURL: "file:///bad%2") == nil)
        #expect(GraphPage.path(ofURL: "file:///nul%00") == nil)
        #expect(GraphPage.path(ofURL: "http://x/y") == nil)
    }
}
