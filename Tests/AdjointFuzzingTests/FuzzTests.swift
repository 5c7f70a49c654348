import AdjointFuzzing
import Foundation
import Testing

/// Every reader is given changed files, in a process of its own; see Documentation/Reliability.md.
@Suite(.serialized) struct FuzzTests {
    /// How many files; those that take long to read are fewer.
    private static func runs(_ name: String) -> String {
        ProcessInfo.processInfo.environment["ADJOINT_FUZZ_RUNS"]
            ?? (name.hasPrefix("trace") ? "1000" : "10000")
    }

    @Test(
        "a reader refuses by its own error, or gives what can be written back",
        arguments: FuzzTarget.all.map(\.name))
    func reader(_ name: String) throws {
        let program = try FuzzProgram(name, "--runs", Self.runs(name), "--seed", "1")
        #expect(program.status == 0, "\(program.output)")
        #expect(program.output.contains(" 0 failed"))
    }

    @Test("the same seed makes the same files")
    func deterministic() throws {
        func digest(_ seed: String) throws -> Substring? {
            let program = try FuzzProgram("npz", "--runs", "500", "--seed", seed)
            return program.output.split(separator: " ").last
        }
        #expect(try digest("3") == digest("3"))
        #expect(try digest("3") != digest("4"))
    }

    @Test(
        "faults are found, with the input and the command that shows it again",
        arguments: [
            ("crash", "ended the process by signal"), ("hang", "took more than 1 s"),
            ("memory", "bytes of memory"), ("error", "the reader threw Stray"),
            ("return", "came back another"),
        ])
    func saboteurs(_ fault: String, _ words: String) throws {
        let program = try FuzzProgram("saboteur-\(fault)", "--runs", "2", "--seed", "9")
        #expect(program.status == 1)
        #expect(program.output.contains("input 1 of seed 9, 3 bytes"), "\(program.output)")
        #expect(program.output.contains(words), "\(program.output)")
        #expect(program.output.contains("base64: YmFk"))
        #expect(program.output.contains("again: make fuzz ARGS=\"saboteur-\(fault)"))
    }
}

/// Saving is replaced as a whole, whatever ends it.
@Suite(.serialized) struct SavingTests {
    @Test("a save that is ended at any moment leaves the old file or the new one")
    func kills() throws {
        let program = try FuzzProgram("kills", "--runs", "3", "--seed", "1")
        #expect(program.status == 0, "\(program.output)")
        #expect(program.output.components(separatedBy: " 0 failed").count == 9)
    }

    @Test("without room or permission there is an error, and the old file stays")
    func limits() throws {
        let program = try FuzzProgram("limits")
        #expect(program.status == 0, "\(program.output)")
    }
}
