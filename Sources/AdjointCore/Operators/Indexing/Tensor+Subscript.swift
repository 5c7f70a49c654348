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

    /// The same with an ellipsis second: `t[0, ..., 1]`. Further back it is written `.ellipsis`.
    public subscript(
        _ first: any TensorIndex, _ rest: (UnboundedRange_) -> Void, _ index: any TensorIndex...
    ) -> Tensor {
        get { part([first, IndexTerm.rest] + index) }
        set { write(newValue, to: [first, IndexTerm.rest] + index) }
    }

    /// The same with terms that are put together while the program runs.
    public subscript(terms index: [any TensorIndex]) -> Tensor {
        get { part(index) }
        set { write(newValue, to: index) }
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

    private func write(
        _ value: Tensor, to index: [any TensorIndex], accumulate: Bool = false
    ) {
        do throws(TensorError) {
            let plan = try IndexPlan(self, index)
            guard let picks = plan.picks else {
                plan.view.copy_(value.droppingLeading(to: plan.view.sizes))
                return
            }
            let slices = try IndexedRun(plan.view.sizes, picks.dim, picks.span)
                .replaced(by: picks.positions.sizes)
            let value = value.droppingLeading(to: slices)
            if accumulate {
                let add = IndexAdd(dim: picks.dim, span: picks.span)
                applyInPlace(add, plan.view, picks.positions, value)
            } else {
                let put = IndexPut(dim: picks.dim, span: picks.span)
                applyInPlace(put, plan.view, picks.positions, value)
            }
        } catch {
            _ = poison(error)
        }
    }

    /// Writes `values`, broadcast, at the places that the tensors of positions (or masks) name
    /// together, one for each leading dimension; with `accumulate` adds them, repeated places
    /// included. Same as `torch.Tensor.index_put_`.
    ///
    /// - Errors: `.index` for a position outside its dimension, `.shape` where values or positions
    ///   do not broadcast, `.argument` for no positions.
    @discardableResult
    public func indexPut_(_ indices: [Tensor], _ values: Tensor, accumulate: Bool = false)
        -> Tensor
    {
        if indices.isEmpty {
            return poison(TensorError(.argument, "there must be at least one tensor of positions"))
        }
        write(values, to: indices, accumulate: accumulate)
        return self
    }
    /// A copy with `values` written at the places named. Same as `torch.index_put`.
    public func indexPut(_ indices: [Tensor], _ values: Tensor, accumulate: Bool = false)
        -> Tensor
    {
        clone().indexPut_(indices, values, accumulate: accumulate)
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
