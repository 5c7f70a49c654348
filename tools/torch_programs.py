"""The programs that torch_trace.py records. Each has its twin, of the same name, in
Tests/AdjointTraceTests/Twin: the same calls in the same order."""
import torch

PROGRAMS = {}


def program(function):
    PROGRAMS[function.__name__] = function
    return function


@program
def square_and_line(t):
    x = t.given("x", [2.0], [1])
    t.backward(x ** 2 + 3 * x)


@program
def square_of_sum(t):
    x, y = t.given("x", [2.0], [1]), t.given("y", [3.0], [1])
    t.backward((x + y) ** 2)


@program
def reused_leaf(t):
    a, b = t.given("a", [2.0], [1]), t.given("b", [3.0], [1])
    t.backward((a + b) * a)


@program
def relu_branch(t):
    x = t.leaf("x", 3)
    t.backward(torch.relu(x ** 2).sum())


@program
def tanh_branch(t):
    x = t.leaf("x", 3)
    t.backward(torch.tanh(x ** 2).sum())


@program
def broadcast_bias(t):
    x, w, b = t.leaf("x", 4, 3, grad=False), t.leaf("w", 3, 2), t.leaf("b", 2)
    t.backward((x @ w + b).sum())


@program
def mean_squared_error(t):
    x, w, y = t.leaf("x", 4, 3, grad=False), t.leaf("w", 3, 1), t.leaf("y", 4, 1, grad=False)
    t.backward(((x @ w - y) ** 2).mean())


@program
def two_layers(t):
    x, y = t.leaf("x", 5, 3, grad=False), t.leaf("y", 5, 2, grad=False)
    w1, b1, w2, b2 = t.leaf("w1", 3, 4), t.leaf("b1", 4), t.leaf("w2", 4, 2), t.leaf("b2", 2)
    h = torch.tanh(x @ w1 + b1)
    t.backward(((h @ w2 + b2 - y) ** 2).mean())


@program
def log_likelihood(t):
    x, w = t.leaf("x", 4, 3, grad=False), t.leaf("w", 3, 3)
    target = t.given("target", [1., 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0], [4, 3], grad=False)
    t.backward(-((x @ w).log_softmax(1) * target).sum(1).mean())


@program
def recurrent(t):
    wx, wh, b = t.leaf("wx", 2, 3), t.leaf("wh", 3, 3), t.leaf("b", 3)
    h = t.leaf("h0", 2, 3, grad=False)
    for step in range(4):
        h = torch.tanh(t.leaf(f"x{step}", 2, 2, grad=False) @ wx + h @ wh + b)
    t.backward(h.sum())


@program
def attention(t):
    q, k, v = t.leaf("q", 3, 4), t.leaf("k", 3, 4), t.leaf("v", 3, 4)
    scores = (q @ k.transpose(0, 1)) * 0.5
    t.backward((scores.softmax(1) @ v).sum())


@program
def exp_and_log(t):
    x, y = t.leaf("x", 2, 3), t.leaf("y", 2, 3, low=0.5)
    t.backward((x.exp() * y.log()).sum())


@program
def quotient(t):
    x, y = t.leaf("x", 4, low=1.0), t.leaf("y", 4, low=1.0)
    t.backward((-(x - y) / (x * y)).sum())


@program
def sigmoid_gate(t):
    x, y = t.leaf("x", 2, 2), t.leaf("y", 2, 2)
    t.backward((x.sigmoid() * y).sum())


@program
def root_of_squares(t):
    x = t.leaf("x", 5)
    t.backward((x * x).sum().sqrt())


@program
def sum_of_a_dimension(t):
    x = t.leaf("x", 3, 2)
    t.backward((x * x.sum(0, keepdim=True)).sum())


@program
def centred(t):
    x = t.leaf("x", 3, 4)
    t.backward(((x - x.mean(1, keepdim=True)) ** 2).sum())


@program
def reshaped(t):
    x, y = t.leaf("x", 6), t.leaf("y", 3, 2)
    t.backward((x.reshape(2, 3).transpose(0, 1) * y).sum())


@program
def selected(t):
    x = t.leaf("x", 4, 3)
    t.backward((x.select(0, 0) * x.select(0, 1)).sum())


@program
def concatenated(t):
    x, y = t.leaf("x", 2, 3), t.leaf("y", 1, 3)
    t.backward((torch.cat([x, y], 0) ** 2).sum())


@program
def stacked(t):
    x, y = t.leaf("x", 3), t.leaf("y", 3)
    t.backward((torch.stack([x, y, x], 0) ** 2).sum())


@program
def chosen(t):
    x, y = t.leaf("x", 5), t.leaf("y", 5)
    t.backward(torch.where(x > 0, x * 2, y * 3).sum())


@program
def clamped(t):
    x = t.leaf("x", 6)
    t.backward((x.clamp(-1.0, 1.0) * x).sum())


@program
def larger(t):
    x, y = t.leaf("x", 4), t.leaf("y", 4)
    t.backward(torch.maximum(x, y).sum())


@program
def running_sum(t):
    x = t.leaf("x", 5)
    t.backward((x.cumsum(0) * x).sum())


@program
def node_used_twice(t):
    x, y = t.leaf("x", 3), t.leaf("y", 3)
    z = x * y
    t.backward((z + z * z).sum())


@program
def three_consumers(t):
    x = t.leaf("x", 3)
    h = x * 2
    t.backward((h.exp() + h.sin() * h.cos()).sum())


@program
def detached(t):
    x = t.leaf("x", 3)
    t.backward((x * x.detach()).sum())


@program
def without_recording(t):
    x = t.leaf("x", 3)
    with torch.no_grad():
        y = x * 2
    t.backward((x * y).sum())


@program
def retained_graph(t):
    x = t.leaf("x", 2)
    y = (x ** 2).sum()
    t.backward(y, retain_graph=True)
    t.backward(y)


@program
def two_losses(t):
    x, w = t.leaf("x", 3), t.leaf("w", 3)
    t.backward((x * w).sum())
    t.backward((x ** 2 * w).sum())


@program
def zeroed_between(t):
    x = t.leaf("x", 2)
    t.backward((x ** 2).sum())
    t.zero()
    t.backward((x ** 3).sum())


@program
def given_gradient(t):
    x, y = t.leaf("x", 3), t.leaf("y", 3)
    g = t.leaf("g", 3, grad=False)
    t.backward(x * y, gradients=[g])


@program
def several_roots(t):
    x = t.leaf("x", 3)
    h = x * x
    t.backward(h.sum(), h.exp().sum())


@program
def gathered(t):
    x = t.leaf("x", 4, 2)
    index = torch.tensor([2, 0, 2])
    t.backward((x.index_select(0, index) ** 2).sum())


@program
def batched_product(t):
    x, y = t.leaf("x", 2, 3, 2), t.leaf("y", 2, 2, 3)
    t.backward(torch.bmm(x, y).sum())


@program
def power_of_tensors(t):
    x, y = t.leaf("x", 3, low=0.5), t.leaf("y", 3)
    t.backward((x ** y).sum())


@program
def log_of_sums(t):
    x, w = t.leaf("x", 2, 3), t.leaf("w", 3)
    t.backward((x * w).logsumexp(1).sum())


@program
def product(t):
    x = t.leaf("x", 4)
    t.backward(x.prod() * x.sum())


@program
def written_in_place(t):
    x = t.leaf("x", 3)
    y = x * 2
    y.add_(1)
    t.backward((y * y).sum())


@program
def mixed_depths(t):
    x, w = t.leaf("x", 3), t.leaf("w", 3)
    a = x * w
    b = a.sin()
    c = b.cos() * a
    t.backward((c * x + b).sum())
