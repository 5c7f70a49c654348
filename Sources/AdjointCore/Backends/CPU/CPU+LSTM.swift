import CAdjoint

extension CPU {
    /// The states h and c and the activated gates a of every step, from the inputs' share of the
    /// gates: [steps, batch, 4n] and [steps, batch, n].
    static func lstm(
        _ gates: Block, _ weight: Block, _ h0: Block, _ c0: Block, isReversed: Bool,
        into h: Block, _ a: Block, _ c: Block
    ) throws(TensorError) {
        let (steps, batch, n) = (h.sizes[0], h.sizes[1], h.sizes[2])
        if h.numel == 0 { return }
        let dtype = h.dtype.computeType
        let (x, w) = try (dense(gates, dtype), dense(weight, dtype))
        let (first, cell) = try (dense(h0, dtype), dense(c0, dtype))
        let order: Int32 = isReversed ? -1 : 1
        try writing(h, as: dtype) { (h) throws(TensorError) in
            try writing(a, as: dtype) { (a) throws(TensorError) in
                try writing(c, as: dtype) { c in
                    if dtype == .float64 {
                        adj_lstm_forward_f64(
                            x.elements(), w.elements(), first.elements(), cell.elements(),
                            h.elements(), a.elements(), c.elements(), steps, batch, n, order)
                    } else {
                        adj_lstm_forward_f32(
                            x.elements(), w.elements(), first.elements(), cell.elements(),
                            h.elements(), a.elements(), c.elements(), steps, batch, n, order)
                    }
                }
            }
        }
    }

    /// The gradients of the gates and of the first states, from those of h and c, nil for zero.
    static func lstmGradient(
        _ dh: Block?, _ dc: Block?, _ weight: Block, _ c0: Block, _ a: Block, _ c: Block,
        isReversed: Bool, into gates: Block, _ h0: Block, _ cell: Block
    ) throws(TensorError) {
        let (steps, batch, n) = (c.sizes[0], c.sizes[1], c.sizes[2])
        if c.numel == 0 { return }
        let dtype = gates.dtype.computeType
        let (up, around) = try (dense(ifAny: dh, dtype), dense(ifAny: dc, dtype))
        let (w, first) = try (dense(weight, dtype), dense(c0, dtype))
        let (active, cells) = try (dense(a, dtype), dense(c, dtype))
        let order: Int32 = isReversed ? -1 : 1
        try writing(gates, as: dtype) { (gates) throws(TensorError) in
            try writing(h0, as: dtype) { (h0) throws(TensorError) in
                try writing(cell, as: dtype) { cell in
                    if dtype == .float64 {
                        adj_lstm_backward_f64(
                            up?.elements(), around?.elements(), w.elements(), first.elements(),
                            active.elements(), cells.elements(), gates.elements(), h0.elements(),
                            cell.elements(), steps, batch, n, order)
                    } else {
                        adj_lstm_backward_f32(
                            up?.elements(), around?.elements(), w.elements(), first.elements(),
                            active.elements(), cells.elements(), gates.elements(), h0.elements(),
                            cell.elements(), steps, batch, n, order)
                    }
                }
            }
        }
    }
}
