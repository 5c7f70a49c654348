// The positions of a gradient that `where` or `maskedFill` switched off. A gradient carries them
// along, and a rule yields 0 there, whatever its derivative is: 0 · ∞ must not make a NaN of a
// branch that was not taken. A gradient that merely equals 0 has no such marks.

extension Tensor {
    /// True at the positions that are switched off, in the shape of this gradient; nil where
    /// there are none, which is nearly always. A write to the gradient ends the marks.
    var switchedOff: Tensor? {
        guard let marks = state?.switchedOff, marks.version == storage.version else { return nil }
        return marks.positions
    }

    /// This gradient, which nobody else holds yet, with marks.
    func marked(_ positions: Tensor) -> Tensor {
        let state = state ?? AutogradState()
        state.switchedOff = (positions, storage.version)
        self.state = state
        return self
    }

    /// The same gradient without marks, for those outside the pass.
    var unmarked: Tensor {
        state?.switchedOff == nil ? self : alias(linkedTo: edge)
    }
}

extension Chain {
    /// One step through a pointwise rule: what `step` makes of the flow, and 0 at its marks.
    @inline(__always)
    static func through(_ flow: Tensor, _ step: (Tensor) -> Tensor) -> Tensor {
        let result = step(flow)
        if flow.state == nil { return result }
        return kept(result, flow)
    }

    @inline(never)
    private static func kept(_ result: Tensor, _ flow: Tensor) -> Tensor {
        guard result !== flow, let positions = flow.switchedOff, result.sizes == flow.sizes else {
            return result
        }
        return Tensor.where(positions, 0, result).marked(positions)
    }

    /// The gradient of one branch of a choice: 0, and marked, where the other was taken.
    static func branch(_ flow: Tensor, switchedOff mask: Tensor) -> Tensor {
        let kept = Tensor.where(mask, 0, flow)
        let positions = mask.sizes == kept.sizes ? mask : mask.expand(kept.shape)
        return kept.marked(flow.switchedOff.map { positions.logicalOr($0) } ?? positions)
    }

    /// One step through a linear rule. The marks are sent through it as infinities and the rest
    /// as NaN: what comes out infinite is a sum of marked positions alone.
    @inline(__always)
    static func carried(_ flow: Tensor, _ transpose: (Tensor) -> Tensor) -> Tensor {
        let result = transpose(flow)
        if flow.state == nil { return result }
        return carriedMarks(result, flow, transpose)
    }

    @inline(never)
    private static func carriedMarks(
        _ result: Tensor, _ flow: Tensor, _ transpose: (Tensor) -> Tensor
    ) -> Tensor {
        guard result !== flow, let positions = flow.switchedOff else { return result }
        let probe = Tensor.where(positions, Double.infinity, Double.nan).to(flow.dtype)
        return result.marked(transpose(probe).isinf())
    }

    /// The same for a rule that puts several flows together. What a missing one stands for is
    /// not marked.
    static func carried(_ flows: [Tensor?], _ transpose: ([Tensor?]) -> Tensor) -> Tensor {
        let result = transpose(flows)
        if flows.allSatisfy({ $0?.state == nil || $0?.switchedOff == nil }) { return result }
        let probes = flows.map { flow in
            flow.map { flow in
                let nan = Tensor.full(
                    flow.shape, Double.nan, dtype: flow.dtype, device: flow.device)
                guard let positions = flow.switchedOff else { return nan }
                return Tensor.where(positions, Double.infinity, nan)
            }
        }
        return result.marked(transpose(probes).isinf())
    }

    /// The sum of two gradients, switched off where both are.
    static func joined(_ a: Tensor, _ b: Tensor) -> Tensor {
        let sum = a + b
        guard a.state != nil, b.state != nil, let p = a.switchedOff, let q = b.switchedOff else {
            return sum
        }
        return sum.marked(p.logicalAnd(q))
    }
}
