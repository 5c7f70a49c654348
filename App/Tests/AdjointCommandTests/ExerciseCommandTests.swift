import Foundation
import Testing

/// `adjoint exercise`: the files of `Exercises/` fail until they are done, and then pass.
@Suite struct ExerciseCommandTests {
    /// Exercises/ of the project.
    private static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Exercises")

    private static func unfinished(_ file: String) throws -> String {
        try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
    }

    private func check(_ text: String, _ options: [String] = [], as file: String = "Mine.swift")
        throws -> AdjointProcess
    {
        try withFolder([file: text]) {
            try AdjointProcess(["exercise", "check", file] + options, in: $0)
        }
    }

    private func solution(replacing old: String, by new: String) -> String {
        let text = ExerciseSolutions.miniAutograd
        #expect(text.contains(old))
        return text.replacingOccurrences(of: old, with: new)
    }

    @Test("each exercise has a file, and start writes it and never over another")
    func startsFiles() throws {
        try withFolder { folder in
            let listed = try AdjointProcess(["exercise", "list"], in: folder)
            #expect(listed.status == 0 && listed.lines.count == ExerciseSolutions.all.count)
            for line in listed.lines {
                let name = String(line.prefix { $0 != " " })
                #expect(try AdjointProcess(["exercise", "start", name], in: folder).status == 0)
                let again = try AdjointProcess(["exercise", "start", name], in: folder)
                #expect(again.status == 2 && again.errors.contains("already here"))
            }
            #expect(names(in: folder) == ExerciseSolutions.all.map(\.file).sorted())
            for file in names(in: folder) {
                let written = try String(
                    contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
                #expect(try written == Self.unfinished(file))
            }
        }
    }

    @Test("what is not done is wrong, and compiles", arguments: ExerciseSolutions.all.map(\.file))
    func unfinishedFails(_ file: String) throws {
        let result = try check(Self.unfinished(file), as: file)
        #expect(result.status == 1 && result.errors.isEmpty)
        #expect(result.lines.contains { $0.hasPrefix("wrong  ") })
        #expect(result.lines.last?.hasPrefix("Not yet: ") == true)
    }

    @Test("what is done is right", arguments: ExerciseSolutions.all.map(\.file))
    func solutionsPass(_ file: String) throws {
        let text = try #require(ExerciseSolutions.all.first { $0.file == file }).text
        let result = try check(text)
        #expect(result.status == 0 && result.errors.isEmpty)
        #expect(result.lines.last?.hasPrefix("All right: ") == true)
        #expect(!result.lines.contains { $0.hasPrefix("wrong  ") })
    }

    @Test("a gradient that is replaced, not added to, is found out")
    func replacedGradient() throws {
        let result = try check(solution(replacing: "grad += tensor.grad", by: "grad = tensor.grad"))
        #expect(result.status == 1)
        #expect(result.output.contains("wrong  a tensor that is used twice"))
        #expect(result.output.contains("a.grad is 2.0, and should be 7.0"))
    }

    @Test("the wrong order of visits is found out")
    func wrongOrder() throws {
        let result = try check(solution(replacing: "order.reversed()", by: "order"))
        #expect(result.status == 1 && result.output.contains("wrong  the chain rule"))
    }

    @Test("visiting again and again ends with the time")
    func endlessWork() throws {
        let text = solution(
            replacing: "guard seen.insert(ObjectIdentifier(tensor)).inserted else { return }",
            by: "seen.insert(ObjectIdentifier(tensor))")
        let result = try check(text, ["--seconds", "2"])
        #expect(result.status == 1)
        #expect(result.output.contains("Stopped after 2 seconds during 'sixty doublings"))
    }

    @Test("an endless loop ends")
    func endlessLoop() throws {
        let text = solution(replacing: "grad = 1\n", by: "while grad == 0 { print(\"x\") }\n")
        let result = try check(text, ["--seconds", "1"])
        #expect(result.status == 1)
        #expect(result.output.contains("Stopped after 1 seconds during 'the gradient of a sum'"))
        #expect(result.output.contains("Your program printed:") && result.output.utf8.count < 4000)
    }

    @Test("a compile error names the learner's own line")
    func compileError() throws {
        let result = try check(solution(replacing: "var grad = 0.0", by: "var grad = zero"))
        #expect(result.status == 1 && result.errors.isEmpty)
        #expect(result.lines[0] == "Mine.swift does not compile:")
        #expect(result.lines[1].hasPrefix("  Mine.swift:4:"))
        #expect(result.lines[1].contains("cannot find 'zero' in scope"))
        #expect(!result.output.contains("/adjoint-exercise-"))
    }

    @Test("statements outside of functions are explained")
    func topLevel() throws {
        let result = try check(ExerciseSolutions.miniAutograd + "\nMiniTensor(1).backward()\n")
        #expect(result.status == 1 && result.output.contains("Statements belong inside functions"))
    }

    @Test("another name than the check calls is explained")
    func renamed() throws {
        let text = ExerciseSolutions.miniAutograd
            .replacingOccurrences(of: "MiniTensor", with: "Number")
        let result = try check(text)
        #expect(result.status == 1 && result.output.contains("It expects a final class MiniTensor"))
        #expect(result.output.contains("cannot find 'MiniTensor' in scope"))
    }

    @Test("a trap is named with what was tried")
    func trap() throws {
        let text = solution(
            replacing: "MiniTensor(a.value + b.value, [(a, 1), (b, 1)])",
            by: "fatalError(\"not written yet\")")
        let result = try check(text)
        #expect(result.status == 1)
        #expect(result.output.contains("The program ended during 'values'"))
        #expect(result.output.contains("not written yet"))
    }

    @Test("a library error in the learner's code is passed on")
    func libraryError() throws {
        let text = ExerciseSolutions.higherOrder
            .replacingOccurrences(
                of: "wrt: x, createGraph: true)\n    return", with: "wrt: x)\n    return")
        #expect(text != ExerciseSolutions.higherOrder)
        let result = try check(text)
        #expect(result.status == 1 && result.output.contains("The program ended during 'at 1.0'"))
        #expect(result.output.contains("does not require grad"))
    }

    @Test(
        "where there is nothing to check, the status is 2",
        arguments: [
            (["check", "None.swift"], "there is no file 'None.swift'"),
            (["check", "."], "there is no file '.'"),
            (["check", "Plain.swift"], "does not say which exercise it is"),
            (
                ["check", "Plain.swift", "--exercise", "mini-autogard"],
                "did you mean 'mini-autograd'"
            ),
            (["check", "Other.swift"], "there is no exercise 'knitting'"),
            (["check", "Binary.swift"], "is no Swift file"),
            (["check", "Plain.swift", "--seconds", "0"], "--seconds is a number above 0"),
            (["start", "knitting"], "there is no exercise 'knitting'"),
            (["check"], "Missing expected argument"),
        ])
    func usage(_ arguments: [String], _ message: String) throws {
        let files = ["Plain.swift": "let x = 1\n", "Other.swift": "// Exercise: knitting\n"]
        let result = try withFolder(files) { folder in
            try Data([0xFF, 0xFE, 0x00, 0xC3]).write(
                to: folder.appendingPathComponent("Binary.swift"))
            return try AdjointProcess(["exercise"] + arguments, in: folder)
        }
        #expect(result.status == 2 && result.output.isEmpty)
        #expect(result.errors.contains(message))
    }
}
