/// The transpose of a view: its elements at their places among zeros, added where places coincide.
struct ViewBackward<View: ViewOperator>: LinearOp {
    static var info: OpInfo {
        OpInfo(
            "\(View.info.name)Backward", family: .movement,
            formula: "the transpose of \(View.info.name)", derivative: View.info.name, torch: "",
            dtypes: .floating)
    }
    let view: View
    let sizes: Dims

    init(_ view: View, _ sizes: Dims) {
        self.view = view
        self.sizes = sizes
    }

    func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        try check(inputs.first.dtype)
        try inputs.first.check(sizes: try view.view(Layout(contiguous: sizes)).sizes)
        return TensorSpec(sizes, inputs.first.dtype)
    }

    func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        let layout = try view.view(Layout(contiguous: sizes))
        try CPU.place(inputs.first, at: layout, into: output)
    }

    func transpose(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor {
        apply(view, cotangent)
    }

    func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        let whole = Dims([inputs.size] + sizes)
        return apply(ViewBackward<BatchedView<View>>(BatchedView(view), whole), Operands(inputs[0]))
    }

    static var samples: [Sample] {
        View.samples.compactMap { sample in
            guard let view = sample.op as? View, let input = sample.inputs.first,
                let layout = try? view.view(Layout(contiguous: input.sizes))
            else { return nil }
            return Sample(ViewBackward(view, input.sizes), .init(layout.sizes))
        }
    }
}
