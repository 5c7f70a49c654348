// A transformer that reads 4,647 names letter by letter, and then invents some.
public import Adjoint

/// Training of a small language model over letters, the network of Vaswani et al. (2017) with its
/// normalisations first, on first names.
public struct NamesTraining: Sendable {
    /// Steps of the optimiser.
    public var steps = 2_000
    /// Names in each step.
    public var batchSize = 64
    /// The highest learning rate: it rises over the first twentieth, then falls along a cosine.
    public var learningRate = 4e-3
    /// What the split, the first weights and all else is drawn from.
    public var seed = 0

    /// How many names are held out: one in ten.
    public static let heldOutCount = NameList.all.count / 10
    /// Steps in which every other name is learned from once; the last few of an epoch are left out.
    public var stepsPerEpoch: Int { max((NameList.all.count - Self.heldOutCount) / batchSize, 1) }

    /// The settings above.
    public init() {}

    /// Trains on nine names in ten, measures on the others, and invents `samples` names. `report`
    /// hears of every step, with the held-out loss every twentieth of the way; false ends the training.
    public func run(
        samples: Int = 12, _ report: (ExampleProgress) -> Bool = { _ in true }
    ) -> (model: NameModel, loss: Double, samples: [String]) {
        withGenerator(seed: seed) {
            let names = Self.examples(of: NameList.all)
            let parts = randomSplit(names, [names.count - Self.heldOutCount, Self.heldOutCount])
            let (training, heldOut) = (parts[0], parts[1])
            let batches = DataLoader(
                training, batchSize: min(batchSize, training.count), shuffle: true, dropLast: true)
            let model = NameModel()
            let optimizer = AdamW(model.parameters(), weightDecay: 0.1)
            let schedule = OneCycleLR(
                optimizer, maxLearningRate: learningRate, totalSteps: max(steps, 1), pctStart: 0.05,
                cycleMomentum: false)

            var (step, goesOn) = (0, true)
            while goesOn, step < steps {
                for (letters, next) in batches where goesOn && step < steps {
                    optimizer.zeroGrad()
                    let loss = model.loss(letters, next)
                    loss.backward()
                    clipGradNorm_(model.parameters(), maxNorm: 1)
                    optimizer.step()
                    schedule.step()
                    step += 1
                    let isMeasured = step % max(steps / 20, 1) == 0 && step < steps
                    goesOn = report(
                        ExampleProgress(
                            step: step, steps: steps, loss: loss.item(),
                            measured: isMeasured ? Self.loss(of: model, on: heldOut) : nil))
                }
            }
            return (model, Self.loss(of: model, on: heldOut), model.sample(samples))
        }
    }

    /// A row a name. What is read is a 0 and the letters; what is to be said is the letters and a
    /// 0. The rest of a row is padding: cross entropy passes over targets of -100.
    ///
    ///     emma:  0  5 13 13  1  0 ...  gives   5 13 13  1  0 -100 ...
    package static func examples(of names: [String]) -> TensorDataset {
        let length = NameModel.longest + 1
        var (letters, next): ([Int], [Int]) = ([], [])
        for name in names {
            let codes = name.utf8.map { Int($0) - 96 }
            let padding = length - codes.count - 1
            letters += [0] + codes + Array(repeating: 0, count: padding)
            next += codes + [0] + Array(repeating: -100, count: padding)
        }
        let shape = [names.count, length]
        return TensorDataset(Tensor(letters, shape: shape), Tensor(next, shape: shape))
    }

    /// The mean over all real letters and end marks of minus the logarithm of the probability that
    /// the model gave to each, in nats.
    static func loss(of model: NameModel, on names: Subset<TensorDataset>) -> Double {
        model.eval()
        defer { model.train() }
        let (letters, next) = names.batch(Array(0..<names.count))
        return noGrad { model.loss(letters, next).item() }
    }
}

/// What letter follows? 26 letters, and 0 for the beginning and the end of a name.
public final class NameModel: Module {
    /// The longest name that is read or invented.
    static let longest = 11
    let letters: Embedding
    let positions: Embedding
    let blocks: [Block]
    let norm: LayerNorm
    let output: Linear

    /// A model of `layers` layers, each `width` wide with four heads.
    public init(layers: Int = 3, width: Int = 64, dropout: Double = 0.15) {
        letters = Embedding(27, width)
        positions = Embedding(Self.longest + 1, width)
        blocks = (0..<layers).map { _ in Block(width, heads: 4, dropout) }
        norm = LayerNorm([width])
        output = Linear(width, 27)
        // Standard normal rows would drown what the blocks add to them.
        for table in [letters, positions] { Init.normal_(table.weight, std: 0.1) }
    }

    /// The logits of what follows each letter: [batch, length] gives [batch, length, 27].
    public func callAsFunction(_ x: Tensor) -> Tensor {
        let start = letters(x) + positions(Tensor.arange(0, x.shape[1]))
        return output(norm(blocks.reduce(start) { x, block in block(x) }))
    }

    func loss(_ x: Tensor, _ next: Tensor) -> Tensor {
        crossEntropy(self(x).flatten(endDim: 1), next.flatten())
    }

    /// Invents `count` names, letter by letter, all at once.
    public func sample(_ count: Int) -> [String] {
        eval()
        defer { train() }
        var text = Tensor.zeros([count, 1], dtype: .int64)
        noGrad {
            for _ in 0..<Self.longest {
                let logits = self(text)[.all, -1]
                // The largest of logits plus Gumbel noise is class i with the softmax's probability.
                let noise = -(-Tensor.rand(logits.shape).log()).log()
                let next = (logits + noise).argmax(dim: 1, keepDim: true)
                text = Tensor.cat([text, next], dim: 1)
            }
        }
        return (text.nestedArray2D() as [[Int]]).map { row in
            String(
                decoding: row.dropFirst().prefix { $0 != 0 }.map { UInt8($0 + 96) }, as: UTF8.self)
        }
    }
}

/// Attention, then two linear layers; each adds to what it was given.
final class Block: Module {
    let norm1: LayerNorm, attention: CausalAttention
    let norm2: LayerNorm, feedForward: Sequential

    init(_ width: Int, heads: Int, _ dropout: Double) {
        norm1 = LayerNorm([width])
        attention = CausalAttention(width, heads: heads, dropout)
        norm2 = LayerNorm([width])
        feedForward = Sequential(
            Linear(width, 4 * width), GELU(), Linear(4 * width, width), Dropout(dropout))
    }

    func callAsFunction(_ x: Tensor) -> Tensor {
        let x = x + attention(norm1(x))
        return x + feedForward(norm2(x))
    }
}

/// Every letter asks those before it, and itself: softmax(Q Kᵀ / √e) V, with -∞ above the diagonal.
final class CausalAttention: Module {
    let heads: Int
    let queriesKeysValues: Linear, output: Linear, dropout: Dropout

    init(_ width: Int, heads: Int, _ dropout: Double) {
        self.heads = heads
        queriesKeysValues = Linear(width, 3 * width)
        output = Linear(width, width)
        self.dropout = Dropout(dropout)
    }

    func callAsFunction(_ x: Tensor) -> Tensor {
        let (batch, length, width) = (x.shape[0], x.shape[1], x.shape[2])
        // [batch, length, 3, heads, e] becomes query, key and value of [batch, heads, length, e].
        let parts = queriesKeysValues(x).reshape(batch, length, 3, heads, width / heads)
            .permute(2, 0, 3, 1, 4)
        let found = scaledDotProductAttention(parts[0], parts[1], parts[2], isCausal: true)
        return dropout(output(found.transpose(1, 2).reshape(batch, length, width)))
    }
}
