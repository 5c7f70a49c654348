/// A view of every sample of a batch: any view, with the batch dimension kept in front.
///
/// Its transpose is that of the view, on the samples.
struct BatchedView<Op: ViewOperator>: ViewOperator {
    static var info: OpInfo { Op.info }
    static var readsStrides: Bool { Op.readsStrides }
    static var samples: [Sample] { [] }
    let op: Op

    init(_ op: Op) { self.op = op }

    func view(_ input: Layout) throws(TensorError) -> Layout {
        let row = try op.view(input.withoutFirst())
        if row.rank >= Dims.capacity {
            throw TensorError(
                .argument,
                "a batch of tensors of shape \(row.sizes) has more than \(Dims.capacity) dimensions"
            )
        }
        return row.withFirst(input.sizes[0], stride: input.strides[0])
    }

    func transpose(_ cotangent: Tensor, _ saved: Saved) -> Tensor {
        let sizes = saved.sizes(0)
        let level = VmapLevel(size: sizes[0])
        defer { level.end() }
        // The transpose of a view reads the shape of its input, and nothing else.
        let sample = Tensor(
            Storage.absent(), Layout(contiguous: sizes).withoutFirst(), cotangent.dtype,
            cotangent.device)
        let saved = Saved(LiveSaved(Operands(sample)))
        return op.transpose(Tensor(batch: cotangent, level), saved).repeated(at: level)
    }
}

extension Batch {
    func view(_ op: some ViewOperator) -> Tensor { apply(BatchedView(op), self[0]) }
}
