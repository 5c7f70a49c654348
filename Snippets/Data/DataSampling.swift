// Which examples come, how often, and together with which.
import Adjoint

let words = ArrayDataset(["a", "abacus", "ab", "abandon", "abc"])
let letters = CharacterTokenizer(vocabularyOf: "abcdnosu", special: ["<pad>"])

// Sequences of unequal length are filled up to the longest of their batch.
let padded = DataLoader(words, batchSize: 2) { texts in
    let tokens = try texts.map { Tensor(try letters.encode($0)) }
    return (padSequence(tokens), Tensor(texts.map { $0.count }))
}
for (x, lengths) in padded { print(x.shape, lengths.array(as: Int.self)) }
// prints: [2, 6] [1, 6]
// prints: [2, 7] [2, 7]
// prints: [1, 3] [3]

// Batches of one's own: words of like length.
let alike = BatchSampler(count: 2) { [[0, 2, 4], [1, 3]] }
let lengths = words.map { text in (Tensor(text.count), Tensor(0)) }
for (x, _) in DataLoader(lengths, batches: alike) { print(x.array(as: Int.self)) }
// prints: [1, 2, 3]
// prints: [6, 7]

// A rare class that comes as often as the others.
let classes = [0, 0, 0, 0, 0, 0, 0, 0, 0, 1]
let weights = classes.map { $0 == 1 ? 9.0 : 1.0 }
let drawn = withGenerator(seed: 1) { Array(WeightedRandomSampler(weights, samples: 1000)) }
print((400...600).contains(drawn.count { classes[$0] == 1 }))  // prints: true

// A stream without numbers: batches of what comes, shuffled in a buffer.
let squares = StreamDataset {
    AnyIterator(
        sequence(first: 0) { $0 + 1 }.lazy.map { (Tensor($0), Tensor($0 * $0)) }.makeIterator())
}
for (_, y) in IterableLoader(squares, batchSize: 3, prefetch: 2).prefix(2) {
    print(y.array(as: Int.self))
}
// prints: [0, 1, 4]
// prints: [9, 16, 25]
