import Adjoint

/// Networks over sequences.
enum Sequences {
    static let all = [transformer, recurrent]

    private static let recurrent = Workload(
        "lstm-50", "LSTM 64-128 over 50 steps, batch 32, forward and backward", repetitions: 5
    ) {
        let model = LSTM(64, 128, batchFirst: true)
        let x = Tensor.randn(32, 50, 64)
        return .init(step: {
            model.zeroGrad()
            model(x).output.sum().backward()
        })
    }

    private static let transformer = Workload(
        "gpt-4x128-adamw",
        "a step: 4 pre-norm blocks, width 128, 4 heads, context 64, vocabulary 65, batch 16",
        repetitions: 3
    ) {
        let model = GPT(vocabulary: 65, width: 128, layers: 4, heads: 4, context: 64)
        let inputs = Tensor.randint(0, 65, [16, 64])
        let targets = Tensor.randint(0, 65, [16, 64]).flatten()
        let optimizer = AdamW(model.parameters(), learningRate: 1e-3)
        return .init(step: {
            optimizer.zeroGrad()
            crossEntropy(model(inputs).flatten(startDim: 0, endDim: 1), targets).backward()
            optimizer.step()
        })
    }
}

/// A block of a transformer, normalisation first.
private final class Block: Layer {
    let norm1: LayerNorm
    let norm2: LayerNorm
    let qkv: Linear
    let out: Linear
    let up: Linear
    let down: Linear
    let heads: Int

    init(_ width: Int, _ heads: Int) {
        norm1 = LayerNorm(width)
        norm2 = LayerNorm(width)
        qkv = Linear(width, 3 * width)
        out = Linear(width, width)
        up = Linear(width, 4 * width)
        down = Linear(4 * width, width)
        self.heads = heads
    }

    func callAsFunction(_ x: Tensor) -> Tensor {
        let (batch, length, width) = (x.shape[0], x.shape[1], x.shape[2])
        let parts = qkv(norm1(x)).view(batch, length, 3, heads, width / heads)
            .permute(2, 0, 3, 1, 4).unbind()
        let attended = scaledDotProductAttention(parts[0], parts[1], parts[2], isCausal: true)
        let y = x + out(attended.transpose(1, 2).reshape(batch, length, width))
        return y + down(up(norm2(y)).gelu())
    }
}

private final class GPT: Layer {
    let token: Embedding
    let position: Embedding
    let blocks: Sequential
    let norm: LayerNorm
    let head: Linear

    init(vocabulary: Int, width: Int, layers: Int, heads: Int, context: Int) {
        token = Embedding(vocabulary, width)
        position = Embedding(context, width)
        blocks = Sequential((0..<layers).map { _ in Block(width, heads) })
        norm = LayerNorm(width)
        head = Linear(width, vocabulary)
    }

    func callAsFunction(_ x: Tensor) -> Tensor {
        head(norm(blocks(token(x) + position(Tensor.arange(x.shape[1])))))
    }
}
