#!/bin/bash
echo "PASS one"; kill -SEGV $$
