import Foundation
import Testing

/// The programs that readers copy from do what they say.
@Suite struct SnippetTests {
    @Test(arguments: Snippet.all)
    func printsWhatItsCommentsSay(_ snippet: Snippet) throws {
        #expect(!snippet.expected.isEmpty, "\(snippet.name) says nothing about what it prints")
        let run = try snippet.run()
        #expect(run.lines == snippet.expected)
        #expect(run.status == 0)
    }

    @Test func theTutorialIsComplete() {
        let numbers = Snippet.all.compactMap { Int($0.name.prefix(2)) }
        #expect(numbers == (1...25).filter { $0 != 4 })  // 4 is drawn by the studio
    }

    /// The README shows two programs; each stands in Snippets/ too, comments aside.
    @Test(arguments: ["ReadmeFirstGradient", "ReadmeFirstNetwork"])
    func theReadmeShowsThisProgram(_ name: String) throws {
        let readme = try String(
            contentsOf: Snippet.root.appendingPathComponent("README.md"), encoding: .utf8)
        let shown = readme.components(separatedBy: "```swift\n").dropFirst()
            .compactMap { $0.components(separatedBy: "```").first }.map(code)
        let snippet = try #require(Snippet.all.first { $0.name == name })
        #expect(shown.contains(code(snippet.source)))
    }

    /// Every block of the page on training is a piece of a program in Snippets/Training.
    @Test func thePageOnTrainingShowsThesePrograms() throws {
        let page = try String(
            contentsOf: Snippet.root.appendingPathComponent("Documentation/Training.md"),
            encoding: .utf8)
        let blocks = page.components(separatedBy: "```swift\n").dropFirst()
            .compactMap { $0.components(separatedBy: "```").first }.map(code)
        let programs = Snippet.all.filter { $0.name.hasPrefix("Training") }.map { code($0.source) }
        #expect(blocks.count > 6 && programs.count == 6)
        for block in blocks {
            let isShown = programs.contains { program in
                program.indices.contains { program[$0...].starts(with: block) }
            }
            #expect(isShown, "\(block)")
        }
    }

    /// The lines of a program without comments and blank space.
    private func code(_ text: String) -> [String] {
        text.components(separatedBy: "\n")
            .map { $0.components(separatedBy: "//")[0].trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty }
    }
}
