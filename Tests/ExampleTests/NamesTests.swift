import Adjoint
import AdjointExamples
import Foundation
import Testing

@Suite struct NamesTests {
    @Test func theNamesAreAllThere() {
        let names = NameList.all
        #expect(names.count == 5_163 && names == Set(names).sorted())
        #expect(names.allSatisfy { (2...11).contains($0.count) })
        #expect(names.joined().allSatisfy { ("a"..."z").contains($0) })
        // FNV-1a over the text, so that no letter changes unnoticed.
        let hash = names.joined(separator: "\n").utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) {
            ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3
        }
        #expect(hash == 0x3932_D560_2CDB_53AF)
    }

    /// What counting pairs of letters comes to, in nats a letter, measured on the very names that
    /// were counted: no model that sees one letter back is better.
    static let bigramLoss: Double = {
        var counts = [[Double]](repeating: Array(repeating: 0, count: 27), count: 27)
        for name in NameList.all {
            var last = 0
            for code in name.utf8.map({ Int($0) - 96 }) + [0] {
                counts[last][code] += 1
                last = code
            }
        }
        let total = counts.joined().reduce(0, +)
        return counts.reduce(0) { sum, row in
            let rowTotal = row.reduce(0, +)
            return row.reduce(sum) { $1 > 0 ? $0 - $1 * log($1 / rowTotal) : $0 }
        } / total
    }()

    @Test func aShortTrainingBeatsPairsOfLetters() {
        var training = NamesTraining()
        training.steps = 250
        var first: Double?
        var last = 0
        let (model, loss, samples) = training.run(samples: 40) { progress in
            if first == nil { first = progress.loss }
            last = progress.step
            return true
        }
        #expect(last == 250)
        #expect(first! > 3.2)  // log 27 = 3.30 is knowing nothing
        #expect((2.3...2.5).contains(Self.bigramLoss))
        #expect(loss < Self.bigramLoss - 0.08, "\(loss)")
        // Names as people bear them: letters alone, not too short, most with a vowel, none the same.
        #expect(samples.count == 40)
        #expect(samples.joined().allSatisfy { ("a"..."z").contains($0) })
        #expect(Set(samples).count >= 38)
        let lengths = samples.map(\.count)
        #expect((4.0...9.0).contains(Double(lengths.reduce(0, +)) / 40))
        #expect(samples.count { $0.contains { "aeiouy".contains($0) } } >= 36)
        // Knowing what it learned, the model takes "u" to follow "q", not "z".
        let logits = noGrad { model.eval()(Tensor([[0, 17]])) }
        #expect(logits.shape == [1, 2, 27])
        #expect(logits[0, 1].argmax().item(as: Int.self) == 21)
    }

    @Test func aLetterDependsOnNoneAfterIt() {
        let model = withGenerator(seed: 3) { NameModel() }.eval()
        let (a, b) = noGrad { (model(Tensor([[0, 5, 13, 1]])), model(Tensor([[0, 5, 2, 9]]))) }
        func row(_ t: Tensor, _ i: Int) -> [Float] { t[0, i].array(as: Float.self) }
        for i in 0..<2 {
            #expect(zip(row(a, i), row(b, i)).allSatisfy { abs($0 - $1) < 1e-6 })
        }
        #expect(row(a, 2) != row(b, 2))
    }

    @Test func equalSeedsGiveEqualBits() {
        var training = NamesTraining()
        training.steps = 5
        let results = [0, 0, 1].map { seed in
            training.seed = seed
            return training.run(samples: 3)
        }
        #expect(results[0].loss == results[1].loss && results[0].samples == results[1].samples)
        #expect(results[0].loss != results[2].loss)
    }
}
