import Foundation
import Testing

/// Pages show programs that run: each block of Swift stands in a program of `Snippets/`, letter for
/// letter, with the comments that say what it prints.
@Suite struct PageTests {
    /// A page of the catalogues or the README.
    struct Page: CustomTestStringConvertible {
        let path: String
        let text: String

        var testDescription: String { path }

        /// What stands between fences that say "swift".
        var blocks: [String] {
            text.components(separatedBy: "```swift\n").dropFirst()
                .compactMap { $0.components(separatedBy: "```").first }
        }
    }

    static let pages: [Page] = {
        let sources = Snippet.root.appendingPathComponent("Sources").path
        let catalogues = (FileManager.default.enumerator(atPath: sources)?.allObjects ?? [])
            .compactMap { $0 as? String }.filter { $0.contains(".docc/") && $0.hasSuffix(".md") }
        return (["README.md"] + catalogues.map { "Sources/\($0)" }).sorted().compactMap { path in
            let url = Snippet.root.appendingPathComponent(path)
            guard let text = try? String(contentsOf: url, encoding: .utf8) else { return nil }
            return Page(path: path, text: text)
        }
    }()

    private static let programs = Snippet.all.map { "\n" + $0.source }

    @Test(arguments: pages)
    func blocksArePartsOfPrograms(_ page: Page) {
        // A manifest is no program.
        for block in page.blocks where !block.hasPrefix("// swift-tools-version") {
            let isShown = Self.programs.contains { $0.contains("\n" + block) }
            #expect(isShown, "\(block)")
        }
    }

    @Test func thereArePagesWithPrograms() {
        #expect(Self.pages.filter { !$0.blocks.isEmpty }.count > 15)
        #expect(Self.pages.reduce(0) { $0 + $1.blocks.count } > 70)
    }

    /// The tutorial shows each of its programs, or says where it is.
    @Test func theTutorialShowsItsPrograms() {
        let tutorial = Self.pages.filter { $0.path.contains("/Tutorial/") }
        let shown = tutorial.flatMap(\.blocks)
        for program in Snippet.all where Int(program.name.prefix(2)) != nil {
            #expect(
                shown.contains { ("\n" + program.source).contains("\n" + $0) },
                "\(program.name) is on no page")
        }
    }
}
