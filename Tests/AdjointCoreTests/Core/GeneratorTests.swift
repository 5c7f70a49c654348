import Testing

@testable import AdjointCore

/// The counter-based generator: known answers, seeds, scopes.
@Suite struct GeneratorTests {
    @Test func theSameSeedGivesTheSameNumbersWhateverWasDrawnBetween() {
        func draw() -> [Double] {
            withGenerator(seed: 5) { values(Tensor.rand(3) + Tensor.rand(3))! }
        }
        let first = draw()
        _ = Tensor.rand(100)
        #expect(draw() == first)
        #expect(withGenerator(seed: 6) { values(Tensor.rand(3)) } != first)
    }

    @Test func seedsAndOffsetsAreAllThereIs() {
        let generator = Generator(seed: 9)
        #expect(generator.state == Generator.State(seed: 9, offset: 0))
        #expect(generator.advance(5).offset == 0)
        #expect(generator.state.offset == 8)
        let state = generator.state
        let first = generator.permutation(20)
        generator.state = state
        #expect(generator.permutation(20) == first)
        generator.reseed(9)
        #expect(generator.state.offset == 0)
    }

    @Test func philoxGivesItsPublishedAnswers() {
        // Philox4x32-10 with counter and key 0, from the vectors of Random123.
        let words: [UInt32] = [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]
        let drawn = withGenerator(seed: 0) { values(Tensor.rand(4)) }
        #expect(drawn == words.map { Double($0 >> 8) / Double(1 << 24) })
    }

    @Test func permutationsHoldEveryPositionOnce() {
        for count in [0, 1, 2, 7, 100] {
            #expect(Generator(seed: 3).permutation(count).sorted() == Array(0..<count))
        }
        var seen: Set<[Int]> = []
        let generator = Generator(seed: 1)
        for _ in 0..<200 { seen.insert(generator.permutation(3)) }
        #expect(seen.count == 6)
    }

    /// Other tests may reseed the process's generator meanwhile, so the outermost scope is one too.
    @Test func scopesFollowTheTaskAndEnd() async {
        await withGenerator(seed: 2) {
            await withGenerator(seed: 4) {
                await Task.yield()
                #expect(Generator.current.state.seed == 4)
                _ = Tensor.rand(8)
                async let child = Generator.current.state.seed
                #expect(await child == 4)
                withGenerator(seed: 7) { #expect(Generator.current.state.seed == 7) }
                #expect(Generator.current.state.seed == 4)
            }
            #expect(Generator.current.state.seed == 2)
        }
    }

    @Test func tasksWithGeneratorsOfTheirOwnDoNotDisturbEachOther() async {
        func draw(_ seed: Int) async -> [Double] {
            await withGenerator(seed: seed) {
                var all: [Double] = []
                for _ in 0..<20 {
                    await Task.yield()
                    all += values(Tensor.randn(2))!
                }
                return all
            }
        }
        let alone = [await draw(1), await draw(2)]
        async let first = draw(1)
        async let second = draw(2)
        #expect(await [first, second] == alone)
    }

    @Test func manualSeedReseedsTheCurrentGenerator() {
        withGenerator(seed: 1) {
            manualSeed(8)
            let first = values(Tensor.rand(4))
            manualSeed(8)
            #expect(values(Tensor.rand(4)) == first)
        }
    }

    @Test func uniformAndNormalNumbersHaveTheirMoments() {
        withGenerator(seed: 2) {
            let u = values(Tensor.rand(20_000, dtype: .float64))!
            #expect(u.allSatisfy { $0 >= 0 && $0 < 1 })
            #expect(abs(u.reduce(0, +) / 20_000 - 0.5) < 0.01)
            let n = values(Tensor.randn(20_000, dtype: .float64))!
            let mean = n.reduce(0, +) / 20_000
            let variance = n.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 20_000
            #expect(abs(mean) < 0.03 && abs(variance - 1) < 0.05)
        }
    }
}
