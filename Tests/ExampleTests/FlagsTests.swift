import AdjointExamples
import Testing

@Suite struct FlagsTests {
    private func flags(_ arguments: String...) -> [Int]? {
        Flags(["steps": 20, "seed": 0], arguments: arguments).map { [$0["steps"], $0["seed"]] }
    }

    @Test func numbersStandAfterTheirFlags() {
        #expect(flags() == [20, 0])
        #expect(flags("--seed", "7", "--steps", "3") == [3, 7])
        #expect(flags("--seed", "1", "--seed", "0") == [20, 0])
    }

    @Test func anythingElseIsRefused() {
        #expect(flags("--steps") == nil)
        #expect(flags("--steps", "0") == nil && flags("--steps", "-1") == nil)
        #expect(flags("--steps", "many") == nil)
        #expect(flags("--stesp", "3") == nil && flags("steps", "3") == nil && flags("3") == nil)
    }
}
