extension Tensor {
    /// The part of this tensor that the index names, as PyTorch's `t[...]` has it: a view for
    /// integers, ranges, `.all` and `.newAxis`; a copy for tensors of positions and masks.
    /// Setting writes in place, broadcast and converted; it takes no new tensor, so that it works
    /// on a `let`.
    ///
    /// - Errors: `.index` for a position outside its dimension or too many terms, `.shape` for a
    ///   mask that does not fit or positions that do not broadcast, `.dtype` for an index tensor
    ///   that is neither integer nor boolean.
    public subscript(_ index: any TensorIndex...) -> Tensor {
        get { part(index) }
        set { write(newValue, to: index) }
    }

    /// The same with an ellipsis first: `t[..., 0]` is the last dimension's position 0.
    public subscript(_ rest: (UnboundedRange_) -> Void, _ index: any TensorIndex...) -> Tensor {
        get { part([IndexTerm.rest] + index) }
        set { write(newValue, to: [IndexTerm.rest] + index) }
    }

    /// The slice at one position of the first dimension.
    public subscript(_ index: Int) -> Tensor {
        get { select(dim: 0, index: index) }
        set { write(newValue, to: [index]) }
    }

    private func part(_ index: [any TensorIndex]) -> Tensor {
        do throws(TensorError) {
            let plan = try IndexPlan(self, index)
            guard let picks = plan.picks else {
                // A tensor of its own, also where nothing was cut.
                return plan.view === self ? apply(Expand(shape), self) : plan.view
            }
            return apply(
                IndexSelect(dim: picks.dim, span: picks.span),
                Operands(plan.view, picks.positions))
        } catch {
            return poison(error)
        }
    }

    private func write(_ value: Tensor, to index: [any TensorIndex]) {
        do throws(TensorError) {
            let plan = try IndexPlan(self, index)
            var value = value
            if let picks = plan.picks {
                let sizes = try IndexedRun(plan.view.sizes, picks.dim, picks.span)
                    .replaced(by: picks.positions.sizes)
                value = value.droppingLeading(to: sizes)
                applyInPlace(
                    IndexPut(dim: picks.dim, span: picks.span), plan.view, picks.positions, value)
            } else {
                plan.view.copy_(value.droppingLeading(to: plan.view.sizes))
            }
        } catch {
            _ = poison(error)
        }
    }

    /// Without the leading dimensions of size 1 that `sizes` has no room for.
    private func droppingLeading(to sizes: Dims) -> Tensor {
        let extra = ndim - sizes.count
        if extra <= 0 || self.sizes.prefix(extra).contains(where: { $0 != 1 }) { return self }
        return squeeze(Array(0..<extra))
    }

    private func poison(_ error: TensorError) -> Tensor {
        let named = TensorError(
            error.kind, error.message, operation: error.operation ?? "subscript")
        return Failure.poison(named, like: sizes, dtype)
    }
}
