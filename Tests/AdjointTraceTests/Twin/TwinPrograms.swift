import Adjoint

/// The programs of tools/torch_programs.py: the same names, the same calls in the same order.
/// `t("x")` is the leaf of that name, with the values that PyTorch had.
let twinPrograms: [String: @Sendable (TwinLeaves) -> Void] = [
    "square_and_line": { t in
        let x = t("x")
        (x ** 2 + 3 * x).backward()
    },
    "square_of_sum": { t in ((t("x") + t("y")) ** 2).backward() },
    "reused_leaf": { t in
        let a = t("a"), b = t("b")
        ((a + b) * a).backward()
    },
    "relu_branch": { t in relu(t("x") ** 2).sum().backward() },
    "tanh_branch": { t in tanh(t("x") ** 2).sum().backward() },
    "broadcast_bias": { t in (t("x").matmul(t("w")) + t("b")).sum().backward() },
    "mean_squared_error": { t in
        ((t("x").matmul(t("w")) - t("y")) ** 2).mean().backward()
    },
    "two_layers": { t in
        let h = tanh(t("x").matmul(t("w1")) + t("b1"))
        ((h.matmul(t("w2")) + t("b2") - t("y")) ** 2).mean().backward()
    },
    "log_likelihood": { t in
        let logs = t("x").matmul(t("w")).logSoftmax(dim: 1)
        (-(logs * t("target")).sum(dim: 1).mean()).backward()
    },
    "recurrent": { t in
        let wx = t("wx"), wh = t("wh"), b = t("b")
        var h = t("h0")
        for step in 0..<4 { h = tanh(t("x\(step)").matmul(wx) + h.matmul(wh) + b) }
        h.sum().backward()
    },
    "attention": { t in
        let scores = t("q").matmul(t("k").transpose(0, 1)) * 0.5
        scores.softmax(dim: 1).matmul(t("v")).sum().backward()
    },
    "exp_and_log": { t in (t("x").exp() * t("y").log()).sum().backward() },
    "quotient": { t in
        let x = t("x"), y = t("y")
        (-(x - y) / (x * y)).sum().backward()
    },
    "sigmoid_gate": { t in (t("x").sigmoid() * t("y")).sum().backward() },
    "root_of_squares": { t in
        let x = t("x")
        (x * x).sum().sqrt().backward()
    },
    "sum_of_a_dimension": { t in
        let x = t("x")
        (x * x.sum(dim: 0, keepDim: true)).sum().backward()
    },
    "centred": { t in
        let x = t("x")
        ((x - x.mean(dim: 1, keepDim: true)) ** 2).sum().backward()
    },
    "reshaped": { t in
        (t("x").reshape(2, 3).transpose(0, 1) * t("y")).sum().backward()
    },
    "selected": { t in
        let x = t("x")
        (x[0] * x[1]).sum().backward()
    },
    "concatenated": { t in (Tensor.cat([t("x"), t("y")], dim: 0) ** 2).sum().backward() },
    "stacked": { t in
        let x = t("x")
        (Tensor.stack([x, t("y"), x], dim: 0) ** 2).sum().backward()
    },
    "chosen": { t in
        let x = t("x"), y = t("y")
        Tensor.where(x .> 0, x * 2, y * 3).sum().backward()
    },
    "clamped": { t in
        let x = t("x")
        (x.clamp(min: -1, max: 1) * x).sum().backward()
    },
    "larger": { t in t("x").maximum(t("y")).sum().backward() },
    "running_sum": { t in
        let x = t("x")
        (x.cumsum(dim: 0) * x).sum().backward()
    },
    "node_used_twice": { t in
        let z = t("x") * t("y")
        (z + z * z).sum().backward()
    },
    "three_consumers": { t in
        let h = t("x") * 2
        (h.exp() + h.sin() * h.cos()).sum().backward()
    },
    "detached": { t in
        let x = t("x")
        (x * x.detach()).sum().backward()
    },
    "without_recording": { t in
        let x = t("x")
        let y = noGrad { x * 2 }
        (x * y).sum().backward()
    },
    "retained_graph": { t in
        let y = (t("x") ** 2).sum()
        y.backward(retainGraph: true)
        y.backward()
    },
    "two_losses": { t in
        let x = t("x"), w = t("w")
        (x * w).sum().backward()
        (x ** 2 * w).sum().backward()
    },
    "zeroed_between": { t in
        let x = t("x")
        (x ** 2).sum().backward()
        x.grad = nil
        (x ** 3).sum().backward()
    },
    "given_gradient": { t in (t("x") * t("y")).backward(gradient: t("g")) },
    "several_roots": { t in
        let x = t("x")
        let h = x * x
        backward([h.sum(), h.exp().sum()])
    },
    "gathered": { t in
        (t("x").indexSelect(dim: 0, index: Tensor([2, 0, 2])) ** 2).sum().backward()
    },
    "batched_product": { t in t("x").matmul(t("y")).sum().backward() },
    "power_of_tensors": { t in (t("x") ** t("y")).sum().backward() },
    "log_of_sums": { t in (t("x") * t("w")).logSumExp(dim: 1).sum().backward() },
    "product": { t in
        let x = t("x")
        (x.prod() * x.sum()).backward()
    },
    "written_in_place": { t in
        let y = t("x") * 2
        y.add_(1)
        (y * y).sum().backward()
    },
    "mixed_depths": { t in
        let x = t("x"), w = t("w")
        let a = x * w
        let b = a.sin()
        let c = b.cos() * a
        (c * x + b).sum().backward()
    },
]
