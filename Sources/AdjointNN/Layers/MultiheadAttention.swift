public import AdjointCore

/// Attention of several heads (Vaswani et al., 2017): each looks at its own projection of query,
/// key and value, and what they find is projected together. The names of the state are PyTorch's.
public final class MultiheadAttention: Module {
    /// The projections of query, key and value above each other, [3 · embed, embed]; nil where the
    /// three differ in width.
    public let inProjWeight: Parameter?
    /// [embed, embed]; nil where `inProjWeight` holds it.
    public let qProjWeight: Parameter?
    /// [embed, kdim]; nil where `inProjWeight` holds it.
    public let kProjWeight: Parameter?
    /// [embed, vdim]; nil where `inProjWeight` holds it.
    public let vProjWeight: Parameter?
    /// [3 · embed]; nil without bias.
    public let inProjBias: Parameter?
    /// A further key and value, [1, 1, embed]; nil without `addBiasKV`.
    public let biasK: Parameter?
    /// The further value, [1, 1, embed]; nil without `addBiasKV`.
    public let biasV: Parameter?
    /// What the heads found, projected.
    public let outProj: Linear
    /// The width of queries and outputs.
    public let embedDim: Int
    /// How many heads share out the width.
    public let numHeads: Int
    /// The width of keys.
    public let kdim: Int
    /// The width of values.
    public let vdim: Int
    /// The probability with which a weight becomes 0 in training.
    public let dropout: Double
    /// Whether a key and value of zeros stands after the others.
    public let addZeroAttn: Bool
    /// Whether sequences are [batch, length, embed] rather than [length, batch, embed].
    public let batchFirst: Bool

    /// - Parameters:
    ///   - embedDim: The width of queries and outputs, a multiple of `numHeads`.
    ///   - numHeads: How many heads share out the width.
    ///   - dropout: The probability with which a weight becomes 0 in training.
    ///   - bias: Whether the projections add one.
    ///   - addBiasKV: Whether a learnt key and value stands after the others.
    ///   - addZeroAttn: Whether a key and value of zeros stands after the others.
    ///   - kdim: The width of keys; that of the queries unless given.
    ///   - vdim: The width of values; that of the queries unless given.
    ///   - batchFirst: Whether sequences are [batch, length, width] rather than [length, batch,
    ///     width].
    ///   - dtype: The type of the parameters.
    /// - Errors: `.argument` where the heads do not divide the width.
    public init(
        _ embedDim: Int, _ numHeads: Int, dropout: Double = 0, bias: Bool = true,
        addBiasKV: Bool = false, addZeroAttn: Bool = false, kdim: Int? = nil, vdim: Int? = nil,
        batchFirst: Bool = false, dtype: DType = .float32
    ) {
        self.embedDim = embedDim
        self.numHeads = numHeads
        self.kdim = kdim ?? embedDim
        self.vdim = vdim ?? embedDim
        self.dropout = dropout
        self.addZeroAttn = addZeroAttn
        self.batchFirst = batchFirst
        func xavier(_ rows: Int, _ columns: Int) -> Parameter {
            Parameter(Init.xavierUniform_(Tensor.zeros([rows, columns], dtype: dtype)))
        }
        let isJoint = (kdim ?? embedDim) == embedDim && (vdim ?? embedDim) == embedDim
        inProjWeight = isJoint ? xavier(3 &* embedDim, embedDim) : nil
        qProjWeight = isJoint ? nil : xavier(embedDim, embedDim)
        kProjWeight = isJoint ? nil : xavier(embedDim, kdim ?? embedDim)
        vProjWeight = isJoint ? nil : xavier(embedDim, vdim ?? embedDim)
        inProjBias = bias ? Parameter(Tensor.zeros([3 &* embedDim], dtype: dtype)) : nil
        func extra() -> Parameter? {
            guard addBiasKV else { return nil }
            return Parameter(Init.xavierNormal_(Tensor.zeros([1, 1, embedDim], dtype: dtype)))
        }
        biasK = extra()
        biasV = extra()
        outProj = Linear(embedDim, embedDim, bias: bias, dtype: dtype)
        if let bias = outProj.bias { Init.zeros_(bias) }
        if numHeads < 1 || embedDim < 1 || embedDim % numHeads != 0 { Failure.raise(misfit) }
    }

    private var misfit: TensorError {
        TensorError(
            .argument,
            "expected a width that the heads divide, but got embedDim \(embedDim) and numHeads "
                + "\(numHeads)", operation: "multiheadAttention")
    }

    /// Query [batch, l, embed], key [batch, s, kdim] and value [batch, s, vdim], in the order that
    /// `batchFirst` says, or all without the batch.
    ///
    /// - Parameters:
    ///   - query: What asks, [batch, l, embed].
    ///   - key: What is compared with, [batch, s, kdim].
    ///   - value: What is found, [batch, s, vdim].
    ///   - keyPaddingMask: [batch, s], true where a key is to be passed over, or numbers that are
    ///     added to its scores.
    ///   - needWeights: Whether the weights are returned, [batch, l, s].
    ///   - attnMask: [l, s] or [batch · heads, l, s], true where a query must not see a key (the
    ///     opposite of `scaledDotProductAttention`), or numbers that are added to the scores.
    ///   - averageAttnWeights: Whether the weights are the heads' mean, or [batch, heads, l, s].
    ///   - isCausal: Whether query i sees keys up to i alone; a hint where there is an `attnMask`.
    /// - Errors: `.shape` where the sizes do not fit, `.dtype` where the types differ.
    public func callAsFunction(
        _ query: Tensor, _ key: Tensor, _ value: Tensor, keyPaddingMask: Tensor? = nil,
        needWeights: Bool = true, attnMask: Tensor? = nil, averageAttnWeights: Bool = true,
        isCausal: Bool = false
    ) -> (output: Tensor, weights: Tensor?) {
        let results = callWithHooks([query, key, value]) { inputs in
            do throws(TensorError) {
                let call = AttentionCall(
                    keyPaddingMask: keyPaddingMask, attnMask: attnMask, isCausal: isCausal,
                    needsWeights: needWeights, averages: averageAttnWeights)
                return try attend(inputs[0], inputs[1], inputs[2], call)
            } catch {
                let none = Failure.poison(
                    TensorError(error.kind, error.message, operation: "multiheadAttention"))
                return needWeights ? [none, none] : [none]
            }
        }
        return (results[0], results.count > 1 ? results[1] : nil)
    }

    private func attend(
        _ query: Tensor, _ key: Tensor, _ value: Tensor, _ call: AttentionCall
    ) throws(TensorError) -> [Tensor] {
        let all = [query, key, value, call.keyPaddingMask, call.attnMask].compactMap { $0 }
        if let poisoned = all.first(where: { $0.isPoisoned }) {
            return call.needsWeights ? [poisoned, poisoned] : [poisoned]
        }
        try check(query, key, value)
        let isSample = query.ndim == 2
        let isSelf = query === key && key === value
        func batched(_ x: Tensor) -> Tensor {
            isSample ? x.unsqueeze(0) : batchFirst ? x : x.transpose(0, 1)
        }
        let q = batched(query)
        var (k, v) = isSelf ? (q, q) : (batched(key), batched(value))
        var heads = projections(q, k, v, isSelf)
        if let failed = heads.first(where: \.isPoisoned) ?? (heads.count == 3 ? nil : q) {
            return call.needsWeights ? [failed, failed] : [failed]
        }
        let (batch, l) = (q.shape[0], q.shape[1])
        var surplus = 0
        if let biasK, let biasV {
            heads[1] = Tensor.cat([heads[1], biasK.expand([batch, 1, embedDim])], dim: 1)
            heads[2] = Tensor.cat([heads[2], biasV.expand([batch, 1, embedDim])], dim: 1)
            surplus += 1
        }
        let width = embedDim / numHeads
        heads = heads.map { $0.reshape([batch, -1, numHeads, width]).transpose(1, 2) }
        (k, v) = (heads[1], heads[2])
        if addZeroAttn {
            let zeros = Tensor.zeros(
                [batch, numHeads, 1, width], dtype: k.dtype, device: k.device)
            (k, v) = (Tensor.cat([k, zeros], dim: 2), Tensor.cat([v, zeros], dim: 2))
            surplus += 1
        }
        if let failed = [heads[0], k, v].first(where: \.isPoisoned) {
            return call.needsWeights ? [failed, failed] : [failed]
        }
        let s = k.shape[2]
        let mask = try call.mask(
            batch: batch, heads: numHeads, l: l, s: s - surplus, surplus: surplus, k.dtype)
        let p = isTraining ? dropout : 0
        let found: Tensor
        var weights: Tensor?
        if call.needsWeights {
            var scores = (heads[0] * (1 / Double(width).squareRoot())).matmul(k.mT)
            if let mask { scores = scores + mask }
            let all = AdjointCore.dropout(scores.softmax(dim: -1), p: p, training: isTraining)
            found = all.matmul(v)
            let shown = call.averages ? all.mean(dim: 1) : all
            weights = isSample ? shown.squeeze(0) : shown
        } else {
            found = scaledDotProductAttention(heads[0], k, v, mask: mask, dropoutP: p)
        }
        let joined = outProj(found.transpose(1, 2).reshape([batch, l, embedDim]))
        let output = isSample ? joined.squeeze(0) : batchFirst ? joined : joined.transpose(0, 1)
        return [output, weights].compactMap { $0 }
    }

    /// Query, key and value, each [batch, length, embed]; one product where they are one tensor.
    private func projections(_ q: Tensor, _ k: Tensor, _ v: Tensor, _ isSelf: Bool) -> [Tensor] {
        if let inProjWeight, isSelf {
            return linear(q, inProjWeight, inProjBias).split(embedDim, dim: 2)
        }
        let weights: [Tensor] =
            inProjWeight?.split(embedDim, dim: 0)
            ?? [qProjWeight, kProjWeight, vProjWeight].compactMap { $0 }
        let biases = inProjBias?.split(embedDim, dim: 0)
        return zip([q, k, v], weights).enumerated().map { i, pair in
            linear(pair.0, pair.1, biases.flatMap { i < $0.count ? $0[i] : nil })
        }
    }

    private func check(_ query: Tensor, _ key: Tensor, _ value: Tensor) throws(TensorError) {
        if numHeads < 1 || embedDim < 1 || embedDim % numHeads != 0 { throw misfit }
        let widths = [
            embedDim, kdim, vdim,
        ]
        let all = [query, key, value]
        let batch = batchFirst ? 0 : 1
        let length = 1 - batch
        let fits =
            (2...3).contains(query.ndim) && all.allSatisfy { $0.ndim == query.ndim }
            && zip(all, widths).allSatisfy { $0.shape.last == $1 }
            && (query.ndim == 2
                ? key.shape[0] == value.shape[0]
                : key.shape[length] == value.shape[length]
                    && key.shape[batch] == query.shape[batch]
                    && value.shape[batch] == query.shape[batch])
        if !fits {
            throw TensorError(
                .shape,
                "expected query, key and value of widths \(widths), "
                    + (batchFirst ? "[batch, length, width]" : "[length, batch, width]")
                    + " or without the batch, but got \(query.shape), \(key.shape) and "
                    + "\(value.shape)")
        }
    }
}

/// What a call of `MultiheadAttention` asks for beside its three inputs.
private struct AttentionCall {
    let keyPaddingMask: Tensor?
    let attnMask: Tensor?
    let isCausal: Bool
    let needsWeights: Bool
    let averages: Bool

    /// What is added to the scores [batch, heads, l, s + surplus]; nil for nothing.
    func mask(
        batch: Int, heads: Int, l: Int, s: Int, surplus: Int, _ dtype: DType
    ) throws(TensorError) -> Tensor? {
        var mask: Tensor?
        // What an Int does not count is no mask's size.
        let all = batch &* heads
        if let attnMask {
            if attnMask.shape == [all, l, s] {
                mask = added(attnMask, dtype).reshape([batch, heads, l, s])
            } else if attnMask.shape == [l, s] {
                mask = added(attnMask, dtype)
            } else {
                throw TensorError(
                    .shape,
                    "expected an attnMask of shape \([l, s]) or \([all, l, s]), but got "
                        + "\(attnMask.shape)")
            }
        } else if isCausal {
            mask = added(Tensor.ones([l, s], dtype: .bool).triu(diagonal: 1), dtype)
        }
        if let keyPaddingMask {
            guard
                keyPaddingMask.shape == [batch, s] || (batch == 1 && keyPaddingMask.shape == [s])
            else {
                throw TensorError(
                    .shape,
                    "expected a keyPaddingMask of shape \([batch, s]), but got "
                        + "\(keyPaddingMask.shape)")
            }
            let padding = added(keyPaddingMask, dtype).reshape([batch, 1, 1, s])
            mask = mask.map { $0 + padding } ?? padding
        }
        // Further keys are seen by all.
        return surplus == 0 ? mask : mask.map { pad($0, [0, surplus]) }
    }

    /// -∞ where a mask of booleans is true.
    private func added(_ mask: Tensor, _ dtype: DType) -> Tensor {
        mask.dtype == .bool
            ? Tensor.zeros(mask.shape, dtype: dtype, device: mask.device)
                .maskedFill(mask, -Double.infinity)
            : mask.to(dtype)
    }
}
