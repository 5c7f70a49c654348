// A dataset of one's own, changed, divided, and loaded in batches by threads.
import Adjoint

struct Parabola: Dataset {
    let count = 100
    subscript(i: Int) -> (Tensor, Tensor) {
        let x = Double(i) / 50 - 1
        return (Tensor([x]), Tensor([x * x]))
    }
}

// What a transform draws comes from a generator of the example's own.
let noisy = Parabola().map { x, y in (x + 0.01 * Tensor.randn(1), y) }
let parts = randomSplit(noisy, [0.8, 0.2], seed: 1)
print(parts.map(\.count))  // prints: [80, 20]

manualSeed(7)
let loader = DataLoader(parts[0], batchSize: 32, shuffle: true, workers: 2)
for (x, y) in loader {
    print(x.shape, y.shape)
}
// prints: [32, 1] [32, 1]
// prints: [32, 1] [32, 1]
// prints: [16, 1] [16, 1]

// The same batches, bit for bit, with any number of workers.
func firstBatch(workers: Int) -> [Float] {
    withGenerator(seed: 3) {
        var batches = DataLoader(parts[0], batchSize: 8, shuffle: true, workers: workers)
            .makeIterator()
        return batches.next()?.0.array(as: Float.self) ?? []
    }
}
print(firstBatch(workers: 0) == firstBatch(workers: 4))  // prints: true

// An epoch goes on where it stopped.
var batches = loader.makeIterator()
_ = batches.next()
let position = batches.position
var rest = loader.makeIterator(resumingAt: position)
print(batches.next()!.1.array(as: Float.self) == rest.next()!.1.array(as: Float.self))
// prints: true
