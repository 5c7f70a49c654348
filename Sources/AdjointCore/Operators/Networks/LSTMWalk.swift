/// An LSTM's walk over the steps of a sequence. From the inputs' share of the gates,
/// [steps, batch, 4n], the weight V of the state, [4n, n], and the first states, [batch, n], it
/// makes h of each step, the activated gates a = (i, f, g, o), and c of each step.
///
/// The gates are a result, since every derivative is an expression in them, as 1 - y² is for tanh.
struct LSTMWalk: MultiOperator, Hashable {
    static let info = OpInfo(
        "lstmWalk", family: .linearAlgebra,
        formula: "i, f, o = σ(x + h Vᵀ), g = tanh(x + h Vᵀ), c' = f c + i g, h' = o tanh c'",
        derivative: "c̄ += h̄ o (1 - tanh² c), h̄ = x̄ V, c̄ = c̄ f, from the last step to the first",
        torch: "torch.nn.LSTM", dtypes: .floating, results: 3)
    /// True for the walk from the last step to the first.
    let isReversed: Bool

    func saves(for wanted: InputSet) -> SavedSet {
        let always: SavedSet = [.second, .input(3), .output(1), .output(2)]
        return wanted.contains(1) ? always.union([.input(2), .output]) : always
    }

    func results(_ inputs: Operands) throws(TensorError) -> [TensorSpec] {
        let (x, weight) = (inputs[0], inputs[1])
        try check(x.dtype)
        for other in inputs where other.dtype != x.dtype {
            throw TensorError(
                .dtype,
                "expected gates, weight and states of one dtype, but got \(x.dtype) and "
                    + "\(other.dtype); convert one with to(_:)")
        }
        let n = weight.ndim == 2 ? weight.sizes[1] : 0
        guard inputs.count == 4, x.ndim == 3, x.sizes[0] > 0, weight.sizes == [4 &* n, n],
            x.sizes[2] == 4 &* n, inputs[2].sizes == [x.sizes[1], n],
            inputs[3].sizes == [x.sizes[1], n]
        else {
            throw TensorError(
                .shape,
                "expected gates [steps, batch, 4n], a weight [4n, n] and states [batch, n], but "
                    + "got shapes " + inputs.map { "\($0.shape)" }.joined(separator: ", "))
        }
        let states = TensorSpec([x.sizes[0], x.sizes[1], n], x.dtype)
        return [states, x.spec, states]
    }

    func compute(_ inputs: Operands, into outputs: [Tensor]) throws(TensorError) {
        try CPU.lstm(
            inputs[0], inputs[1], inputs[2], inputs[3], isReversed: isReversed, into: outputs[0],
            outputs[1], outputs[2])
    }

    func multiplyAdds(_ inputs: [Tensor], _ outputs: [Tensor]) -> Int {
        outputs[1].numel &* inputs[1].shape[1]
    }

    func batched(_ inputs: Batch) throws(TensorError) -> [Tensor]? { nil }

    func pull(_ cotangents: TensorSlots, _ wanted: InputSet, _ saved: Saved) -> TensorSlots {
        let back = fused(cotangents, saved) ?? composed(cotangents, saved)
        var gradients = TensorSlots()
        if wanted.contains(0) { gradients[0] = back[0] }
        if wanted.contains(1) { gradients[1] = weightGradient(back[0], saved) }
        if wanted.contains(2) { gradients[2] = back[1] }
        if wanted.contains(3) { gradients[3] = back[2] }
        return gradients
    }

    /// Σ x̄ᵀ h over the steps, with the h that each began with: one product for all but the first.
    private func weightGradient(_ flow: Tensor, _ saved: Saved) -> Tensor {
        let (steps, batch) = (flow.shape[0], flow.shape[1])
        let sum = flow.select(dim: 0, index: isReversed ? steps - 1 : 0).mT.matmul(saved[2])
        if steps == 1 { return sum }
        func rows(_ all: Tensor, from start: Int) -> Tensor {
            all.narrow(dim: 0, start: start, length: steps - 1)
                .reshape([(steps - 1) * batch, all.shape[2]])
        }
        let later = rows(flow, from: isReversed ? 0 : 1)
        return later.mT.matmul(rows(saved.output, from: isReversed ? 1 : 0)) + sum
    }

    /// The gradients of gates, h0 and c0 in one walk, where nothing will be differentiated again.
    private func fused(_ cotangents: TensorSlots, _ saved: Saved) -> [Tensor]? {
        if cotangents.b != nil || Mode.current.records { return nil }
        let flows = [cotangents.a, cotangents.c].compactMap { $0 }
        let operands = Operands(
            [saved.output(1), saved.output(2), saved[1], saved[3]] + flows)
        guard operands.flags.isDisjoint(with: [.dual, .batched]) else { return nil }
        let op = LSTMWalkGradient(
            isReversed: isReversed, hasFlowH: cotangents.a != nil, hasFlowC: cotangents.c != nil)
        let found = apply(op, operands)
        return found.count == 3 ? found : nil
    }

    /// The same in public operations.
    private func composed(_ cotangents: TensorSlots, _ saved: Saved) -> [Tensor] {
        let (a, c) = (saved.output(1).unbind(dim: 0), saved.output(2).unbind(dim: 0))
        let (weight, first) = (saved[1], saved[3])
        let (upH, upA, upC) = (
            cotangents.a?.unbind(dim: 0), cotangents.b?.unbind(dim: 0),
            cotangents.c?.unbind(dim: 0)
        )
        var flow = Tangents.zeros(first.spec, first.device)
        var carry = flow
        var gates = a
        let order = steps(a.count)
        for (s, t) in order.enumerated().reversed() {
            let (i, f, g, o) = quarters(a[t])
            let bent = c[t].tanh()
            if let upH { flow = flow + upH[t] }
            if let upC { carry = carry + upC[t] }
            let down = carry + flow * o * (1 - bent * bent)
            let before = s == 0 ? first : c[order[s - 1]]
            var parts = [down * g, down * before, down * i, flow * bent]
            if let upA {
                let (p, q, r, s) = quarters(upA[t])
                parts = zip(parts, [p, q, r, s]).map { $0 + $1 }
            }
            gates[t] = Tensor.cat(
                [
                    parts[0] * i * (1 - i), parts[1] * f * (1 - f), parts[2] * (1 - g * g),
                    parts[3] * o * (1 - o),
                ], dim: 1)
            flow = gates[t].matmul(weight)
            carry = down * f
        }
        return [Tensor.stack(gates, dim: 0), flow, carry]
    }

    func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> TensorSlots {
        let (h, a, c) = (
            saved.output.unbind(dim: 0), saved.output(1).unbind(dim: 0),
            saved.output(2).unbind(dim: 0)
        )
        let weight = inputs[1]
        let x = tangents.a?.unbind(dim: 0)
        var flow = tangents.c ?? Tangents.zeros(inputs[2].spec, inputs[2].device)
        var carry = tangents[3] ?? Tangents.zeros(inputs[3].spec, inputs[3].device)
        var (flows, gates, carries) = (h, a, c)
        let order = steps(a.count)
        for (s, t) in order.enumerated() {
            let (i, f, g, o) = quarters(a[t])
            var sum = flow.matmul(weight.mT)
            if let x { sum = sum + x[t] }
            if let slope = tangents.b {
                sum = sum + (s == 0 ? inputs[2] : h[order[s - 1]]).matmul(slope.mT)
            }
            let (p, q, r, u) = quarters(sum)
            let (di, df) = (p * i * (1 - i), q * f * (1 - f))
            let (dg, dO) = (r * (1 - g * g), u * o * (1 - o))
            let before = s == 0 ? inputs[3] : c[order[s - 1]]
            carry = carry * f + df * before + di * g + dg * i
            let bent = c[t].tanh()
            flow = dO * bent + carry * o * (1 - bent * bent)
            gates[t] = Tensor.cat([di, df, dg, dO], dim: 1)
            (flows[t], carries[t]) = (flow, carry)
        }
        return TensorSlots([flows, gates, carries].map { Tensor.stack($0, dim: 0) })
    }

    /// The steps in the order in which they are taken.
    private func steps(_ count: Int) -> [Int] {
        isReversed ? Array((0..<count).reversed()) : Array(0..<count)
    }

    private func quarters(_ gates: Tensor) -> (Tensor, Tensor, Tensor, Tensor) {
        let n = gates.shape[1] / 4
        let parts = gates.split([n, n, n, n], dim: 1)
        return (parts[0], parts[1], parts[2], parts[3])
    }

    static var samples: [Sample] {
        func sample(_ isReversed: Bool, _ steps: Int, _ batch: Int) -> Sample {
            Sample(
                LSTMWalk(isReversed: isReversed), .init([steps, batch, 8]), .init([8, 2]),
                .init([batch, 2]), .init([batch, 2]))
        }
        return [sample(false, 3, 2), sample(true, 3, 2), sample(false, 1, 1), sample(true, 2, 0)]
    }
}

/// The gradients of `LSTMWalk`'s gates and first states in one walk back.
struct LSTMWalkGradient: MultiOperator {
    static let info = OpInfo(
        "lstmWalkGradient", family: .linearAlgebra, formula: "", dtypes: .floating, results: 3)
    static var differentiability: Differentiability { .missing }
    static var samples: [Sample] { [] }
    let isReversed: Bool
    let hasFlowH: Bool
    let hasFlowC: Bool

    func saves(for wanted: InputSet) -> SavedSet { .none }

    func results(_ inputs: Operands) throws(TensorError) -> [TensorSpec] {
        [inputs[0].spec, inputs[3].spec, inputs[3].spec]
    }

    func compute(_ inputs: Operands, into outputs: [Tensor]) throws(TensorError) {
        try CPU.lstmGradient(
            hasFlowH ? inputs[4] : nil, hasFlowC ? inputs[hasFlowH ? 5 : 4] : nil, inputs[2],
            inputs[3], inputs[0], inputs[1], isReversed: isReversed, into: outputs[0], outputs[1],
            outputs[2])
    }

    func batched(_ inputs: Batch) throws(TensorError) -> [Tensor]? { nil }
    func pull(_ cotangents: TensorSlots, _ wanted: InputSet, _ saved: Saved) -> TensorSlots {
        TensorSlots()
    }
    func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> TensorSlots {
        TensorSlots()
    }
}

/// All steps of one direction of an LSTM layer at once: h of each step, and the last h and c. Nil
/// where the operations of a step serve better: in autocast and with several dtypes, where each
/// chooses its own, and inside `vmap`, where each has a batching rule.
package func lstmWalk(
    _ gates: Tensor, _ weight: Tensor, _ h: Tensor, _ c: Tensor, isReversed: Bool
) -> (output: Tensor, h: Tensor, c: Tensor)? {
    let dtype = gates.dtype
    if Mode.current.autocast != nil || !dtype.isFloatingPoint
        || [gates, weight, h, c].contains(where: {
            $0.dtype != dtype || $0.isPoisoned || $0.isBatched
        })
    {
        return nil
    }
    let results = apply(LSTMWalk(isReversed: isReversed), Operands([gates, weight, h, c]))
    guard results.count == 3 else { return nil }
    let last = isReversed ? 0 : -1
    return (
        results[0], results[0].select(dim: 0, index: last), results[2].select(dim: 0, index: last)
    )
}
