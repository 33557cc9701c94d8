#!/bin/bash
# timeout: 1
echo "PASS one"; sleep 20
