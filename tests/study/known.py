"""Functions whose indices are known: Ishigami's by formula, those of queues by quadrature."""

import functools

import numpy as np

from sim.study.staffing.erlang import Queue, predict

A, B = 7.0, 0.1
_ONE, _TWO, _BOTH = (1 + B * np.pi**4 / 5) ** 2 / 2, A**2 / 8, 8 * B**2 * np.pi**8 / 225
_WHOLE = _ONE + _TWO + _BOTH
FIRST = (_ONE / _WHOLE, _TWO / _WHOLE, 0.0)
TOTAL = ((_ONE + _BOTH) / _WHOLE, _TWO / _WHOLE, _BOTH / _WHOLE)
"""0.3139, 0.4424, 0 and 0.5576, 0.4424, 0.2437."""

AGENTS, NODES = 20, 14


def ishigami(points):
    """sin x1 + a sin^2 x2 + b x3^4 sin x1 with x from -pi to pi; points from 0 to 1, further inputs do nothing."""
    x = np.pi * (2 * points - 1)
    return np.sin(x[:, 0]) + A * np.sin(x[:, 1]) ** 2 + B * x[:, 2] ** 4 * np.sin(x[:, 0])


def drawn(draws, inputs, seed):
    """Independent points from 0 to 1."""
    return np.random.default_rng(seed).random((draws, inputs))


def erlang_c_world(points):
    """Service level of Erlang C, 20 agents: 200 to 250 contacts an hour, AHT from 230 to 265 s, T from 10 to 40 s."""
    queues = (Queue((200 + 50 * r) / 3600, 230 + 35 * h, within=10 + 30 * t) for r, h, t in points)
    return np.array([predict(queue, AGENTS).answered_within for queue in queues])


def erlang_a_world(points):
    """The same with a T of 20 s, loads beyond the agents, and customers who give up after 60 to 600 s on average."""
    queues = (Queue((220 + 120 * r) / 3600, 210 + 60 * h, 60 + 540 * p) for r, h, p in points)
    return np.array([predict(queue, AGENTS).answered_within for queue in queues])


@functools.cache
def indices_by_quadrature(world):
    """First-order and total indices of a function of three inputs, by Gauss-Legendre along each."""
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    nodes, weights = (nodes + 1) / 2, weights / 2
    points = np.stack(np.meshgrid(nodes, nodes, nodes, indexing="ij"), axis=-1).reshape(-1, 3)
    values = world(points).reshape(NODES, NODES, NODES)

    def mean(of, axes):
        for axis in sorted(axes, reverse=True):
            of = np.tensordot(of, weights, (axis, 0))
        return of

    centred = values - mean(values, (0, 1, 2))
    whole = mean(centred**2, (0, 1, 2))
    others = [tuple(j for j in range(3) if j != k) for k in range(3)]
    first = [float(weights @ mean(centred, others[k]) ** 2 / whole) for k in range(3)]
    total = [float(1 - mean(mean(centred, (k,)) ** 2, (0, 1)) / whole) for k in range(3)]
    return first, total
