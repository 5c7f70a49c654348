import Foundation
import Testing

/// Every public function is called with wrong arguments, in a process of its own; see
/// Documentation/Reliability.md.
@Suite(.serialized) struct MistakeTests {
    @Test("inside catchingTensorErrors no public function ends the process")
    func sweep() throws {
        let runs = ProcessInfo.processInfo.environment["ADJOINT_MISTAKE_RUNS"] ?? "105000"
        let program = try FuzzProgram("mistakes", "--runs", runs, "--seed", "1")
        #expect(program.status == 0, "\(program.output)")
        #expect(program.output.contains(", 0 failed"), "\(program.output)")
    }

    @Test("outside it the process ends with the message that is thrown inside")
    func outside() throws {
        let program = try FuzzProgram(
            "mistakes", "--compare", "60", "--runs", "4000", "--seed", "1")
        #expect(program.status == 0, "\(program.output)")
        #expect(program.output.contains("outside: 60 calls"), "\(program.output)")
    }

    @Test(
        "faults are found, with the function and the command that shows it again",
        arguments: [
            ("trap", "ended the process by signal"), ("hang", "took more than"),
            ("type", "an error of another type, Stray"), ("silence", "the error says nothing"),
        ])
    func saboteurs(_ fault: String, _ words: String) throws {
        let program = try FuzzProgram(
            "mistakes", "saboteur-\(fault)", "--runs", "3", "--seed", "9")
        #expect(program.status == 1)
        #expect(program.output.contains("saboteur-\(fault), draw 1 of seed 9"), "\(program.output)")
        #expect(program.output.contains(words), "\(program.output)")
        #expect(program.output.contains("again: make mistakes ARGS=\"'saboteur-\(fault)'"))
        #expect(program.output.contains("3 made, 2 worked") || program.output.contains("refused"))
    }

    #if os(Linux)
        @Test("memory beyond the limit is found")
        func memory() throws {
            let program = try FuzzProgram(
                "mistakes", "saboteur-memory", "--runs", "2", "--seed", "9")
            #expect(program.status == 1)
            #expect(program.output.contains("ended the process by signal"), "\(program.output)")
        }
    #endif
}
