import Foundation
import Testing

@testable import AdjointStudioCore

/// The examples as they are embedded: the same programs as in Examples/Studio.
@Suite struct ExampleSourceTests {
    private static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().appendingPathComponent("../../Examples/Studio")

    @Test("each file of Examples/Studio is an example, and the text that is shown is its text")
    func embedded() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
        #expect(Set(files) == Set(Example.all.map { "\($0.id).swift" }))
        for example in Example.all {
            let file = Self.folder.appendingPathComponent("\(example.id).swift")
            let text = try String(contentsOf: file, encoding: .utf8)
            let program = try #require(text.firstRange(of: "import Adjoint\n\n"))
            let shown = text[program.upperBound...]
                .replacing(/\ *\/\/ parameter [^\n]*/, with: "")
            #expect(example.source([:]) == String(shown), "run tools/embed-examples.py")
            #expect(text.hasPrefix("// \(example.title)\n// "))
        }
    }

    @Test("parameters are taken within their bounds, and shown in the text")
    func parameters() throws {
        let example = try #require(Example.find("x2_plus_3x"))
        let x = example.parameters[0]
        #expect(try x.parse("-2.5") == -2.5)
        #expect(example.source(["x": -2.5]).hasPrefix("let x = Tensor(-2.5, requiresGrad: true)"))
        for text in ["", "x", "nan", "inf", "1e9"] {
            let error = #expect(throws: StudioError.self) { try x.parse(text) }
            #expect(error?.message.contains("from -1000 to 1000") == true)
        }
        let steps = try #require(Example.find("rnn")).parameters[0]
        #expect(try steps.parse("12") == 12 && steps.text(12) == "12")
        #expect(throws: StudioError.self) { try steps.parse("2.5") }
    }

    @Test("each example has a title of its own, and the first is x² + 3x")
    func titles() {
        #expect(Example.all[0].title == "x² + 3x")
        #expect(Set(Example.all.map(\.title)).count == Example.all.count)
        #expect(Example.all.allSatisfy { !$0.summary.isEmpty && !$0.group.isEmpty })
    }
}
