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
}
