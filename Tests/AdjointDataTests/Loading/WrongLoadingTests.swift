import Adjoint
import AdjointTesting
import Testing

/// Loaders, datasets, transforms and tokenizers with numbers that fit nothing: each of these ended
/// the process once, or took for ever.
@Suite struct WrongLoadingTests {
    /// As many examples as somebody says.
    private struct Claimed: Dataset {
        let count: Int
        subscript(i: Int) -> (Tensor, Tensor) { (Tensor(Float(i)), Tensor(Float(i))) }
    }

    /// Two numbers, however many it says it has.
    private struct Lying: Sampler {
        let count: Int
        func order() -> [Int] { [0, 1] }
    }

    @Test("a batch of any size is made of the numbers that there are")
    func sizes() {
        let numbers = SequentialSampler(5)
        #expect(BatchSampler(numbers, batchSize: .max).batches() == [[0, 1, 2, 3, 4]])
        #expect(BatchSampler(numbers, batchSize: .max, dropLast: true).batches().isEmpty)
        #expect(BatchSampler(numbers, batchSize: 1 << 62).count == 1)
        #expect(BatchSampler(numbers, batchSize: 2).batches() == [[0, 1], [2, 3], [4]])
        #expect(BatchSampler(numbers, batchSize: 5).batches().count == 1)
        let data = TensorDataset(Tensor.zeros(3, 2), Tensor.zeros(3))
        #expect(Array(DataLoader(data, batchSize: .max)).count == 1)
        #expect(Array(DataLoader(data, batchSize: .max, collate: padding())).count == 1)
        let stream = StreamDataset { AnyIterator([(Tensor(1.0), Tensor(2.0))].makeIterator()) }
        #expect(Array(IterableLoader(stream, batchSize: .max)).count == 1)
    }

    @Test("a count of batches that cannot be is an error")
    func counts() {
        #expect(tensorError { _ = BatchSampler(count: -1) { [] } }?.kind == .argument)
        #expect(tensorError { _ = Array(BatchSampler(count: .max) { [] }) }?.kind == .argument)
        #expect(
            tensorError { _ = BatchSampler(Lying(count: .max), batchSize: 2) }?.kind == .argument)
        #expect(tensorError { _ = BatchSampler(Lying(count: -3), batchSize: 2) }?.kind == .argument)
        #expect(
            tensorError { _ = BatchSampler(Lying(count: 2), batchSize: .min) }?.kind == .argument)
        #expect(Array(Lying(count: -3)) == [0, 1])
        #expect(BatchSampler(Lying(count: 9), batchSize: 2).batches() == [[0, 1]])
        #expect(tensorError { _ = WeightedRandomSampler([1], samples: .max) }?.kind == .argument)
        #expect(
            tensorError {
                for (x, _) in DataLoader(Claimed(count: -1)) { _ = x }
            }?.kind == .argument)
    }

    @Test("a dataset of any count loads what a sampler names")
    func claims() throws {
        let sampler = SubsetSampler([5, 1 << 50, 5])
        let loader = DataLoader(Claimed(count: 1 << 60), batchSize: 3, sampler: sampler)
        let batches = Array(loader)
        #expect(batches.count == 1)
        #expect(batches[0].0.array(as: Float.self) == [5, Float(1 << 50), 5])
        #expect(try Claimed(count: -1).filter { _ in true }.count == 0)
    }

    @Test("more examples than an Int counts are an error")
    func sums() {
        let half = Claimed(count: 1 << 62)
        #expect(tensorError { _ = half.concat(half) }?.kind == .argument)
        #expect(tensorError { _ = ConcatDataset([half, half, half]).count }?.kind == .argument)
        #expect(ConcatDataset([half]).count == 1 << 62)
        let five = [Int](repeating: 1 << 62, count: 5)
        #expect(tensorError { _ = randomSplit(half, five) }?.kind == .argument)
        #expect(
            tensorError { _ = randomSplit(Claimed(count: .max), [0.5, 0.5]) }?.kind == .argument)
        #expect(tensorError { _ = randomSplit(Claimed(count: -2), [1.0]) }?.kind == .argument)
    }

    @Test("a crop anywhere is zeros where there is no image")
    func crops() {
        let image = Tensor.ones(1, 2, 2)
        for (top, left) in [(Int.max, 0), (0, Int.max), (.min, 0), (0, .min), (.max - 1, .min)] {
            let part = Crop(top: top, left: left, height: 3, width: 4)(image)
            #expect(part.shape == [1, 3, 4])
            #expect(part.array(as: Float.self).allSatisfy { $0 == 0 })
        }
        let long = Tensor.zeros([1, 1, 1 << 40], device: .meta)
        #expect(tensorError { _ = Resize(1 << 24)(long) } != nil)
        let wild = RandomResizedCrop(2, scale: 1e300...1e305, ratio: 1e-300...1e300)
        #expect(wild(image).shape == [1, 2, 2])
        #expect(
            tensorError { _ = RandomResizedCrop(2, ratio: -2...1e300)(image) }?.kind == .argument)
        #expect(tensorError { _ = RandomCrop(1 << 24, padding: 1 << 24)(long) } != nil)
    }

    @Test("a number that is no token is an error")
    func tokens() {
        #expect(tensorError { _ = ByteTokenizer().decode([.min]) }?.kind == .index)
        #expect(tensorError { _ = ByteTokenizer(special: ["<pad>"]).decode([257]) }?.kind == .index)
        #expect(
            ByteTokenizer(special: ["<pad>"]).decode([65, 256], keepingSpecial: true) == "A<pad>")
        #expect(tensorError { _ = TokenWindows([1, 2], length: .max) }?.kind == .argument)
        #expect(tensorError { _ = TokenWindows([1, 2], length: .max, stride: 0).count } != nil)
        #expect(TokenWindows([1, 2, 3], length: 2, stride: .max).count == 1)
        #expect(TokenWindows([1, 2, 3], length: 3).count == 0)
    }
}
